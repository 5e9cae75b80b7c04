use super::*;
use serde_json::json;
use std::os::unix::fs::MetadataExt;
use tempfile::TempDir;

/// A gateway that answers `cases` and refuses the rest.
fn gateway() -> mpsc::Sender<Asked> {
    let (sender, mut asked) = mpsc::channel::<Asked>(4);
    tokio::spawn(async move {
        while let Some(Asked { request, uid, answer }) = asked.recv().await {
            let said = match request {
                Request::Cases { all } => Answer::Ok(json!({"all": all, "uid": uid})),
                Request::Journal { .. } => Answer::Ok(json!(vec!["x".repeat(1_000); 5_000])),
                Request::Verify => continue,
                _ => Answer::Refused("no".into()),
            };
            answer.send(said).expect("somebody waits");
        }
    });
    sender
}

async fn asked(path: &Path, request: Request) -> io::Result<Option<Answer>> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || ask(&path, &request)).await.expect("asked")
}

#[tokio::test]
async fn a_question_is_answered() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("control.sock");
    let listener = Listener::bind(&path).expect("bound");
    let modes = [folder.path(), &path].map(|path| path.metadata().expect("there").mode() & 0o777);
    assert_eq!(modes, [0o700, 0o600]);
    tokio::spawn(listener.serve(gateway()));
    let uid = rustix::process::geteuid().as_raw();
    let answer = asked(&path, Request::Cases { all: true }).await.expect("an answer");
    assert_eq!(answer, Some(Answer::Ok(json!({"all": true, "uid": uid}))));
    let answer = asked(&path, Request::Quarantine).await.expect("an answer");
    assert_eq!(answer, Some(Answer::Refused("no".into())));
    let Some(Answer::Ok(large)) = asked(&path, Request::Journal { from: 1 }).await.expect("large")
    else {
        panic!("no large answer")
    };
    assert_eq!(large.as_array().map(Vec::len), Some(5_000));
}

#[tokio::test]
async fn where_none_listens_the_answer_is_none() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("control.sock");
    assert_eq!(asked(&path, Request::Ping).await.expect("asked"), None);
    assert_eq!(asked(Path::new("/nowhere/at/all.sock"), Request::Ping).await.expect("asked"), None);
    drop(std::os::unix::net::UnixListener::bind(&path).expect("bound"));
    assert!(path.exists(), "what a killed gateway leaves");
    assert_eq!(asked(&path, Request::Ping).await.expect("asked"), None);
    let listener = Listener::bind(&path).expect("replaced");
    assert!(Listener::bind(&path).is_err(), "one that is answered on is not");
    drop(listener);
    assert!(!path.exists());
}

#[tokio::test]
async fn a_gateway_that_ends_leaves_nobody_waiting() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("control.sock");
    let (sender, receiver) = mpsc::channel(1);
    let serving = tokio::spawn(Listener::bind(&path).expect("bound").serve(sender));
    drop(receiver);
    serving.await.expect("it ended");
    assert!(!path.exists());
    tokio::spawn(Listener::bind(&path).expect("bound").serve(gateway()));
    let answer = asked(&path, Request::Verify).await.expect("an answer");
    assert!(matches!(answer, Some(Answer::Failed(_))), "{answer:?}");
}

#[tokio::test]
async fn eve_asks_with_another_user_id() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("control.sock");
    let mut listener = Listener::bind(&path).expect("bound");
    let uid = rustix::process::geteuid().as_raw();
    // Whoever runs this test is the stranger here.
    listener.readers = [uid + 1, uid + 2];
    let (sender, mut receiver) = mpsc::channel(1);
    tokio::spawn(listener.serve(sender));
    let answer = asked(&path, Request::Release { id: "L1".into() }).await.expect("an answer");
    assert!(matches!(answer, Some(Answer::Refused(_))), "{answer:?}");
    assert!(receiver.try_recv().is_err(), "the gateway has not heard of it");
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let folder = TempDir::new().expect("folder");
    let path = folder.path().join("control.sock");
    tokio::spawn(Listener::bind(&path).expect("bound").serve(gateway()));
    for line in ["{\"ask\":\"everything\"}\n", "garbage\n", "\n", "{\"ask\":\"release\"}\n"] {
        let mut stream = UnixStream::connect(&path).await.expect("connected");
        stream.write_all(line.as_bytes()).await.expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("{\"refused\":"), "{line}: {answer}");
    }
    let mut stream = UnixStream::connect(&path).await.expect("connected");
    let endless = vec![b'x'; 2 * REQUEST_BYTES as usize];
    // The answer may come before all of it is taken.
    let _ = stream.write_all(&endless).await;
    let answer = asked(&path, Request::Ping).await.expect("others are served");
    assert_eq!(answer, Some(Answer::Refused("no".into())));
}

#[tokio::test]
async fn a_long_path_is_no_obstacle() {
    let folder = TempDir::new().expect("folder");
    let deep = folder.path().join("x".repeat(80)).join("y".repeat(80));
    std::fs::create_dir_all(&deep).expect("folders");
    let path = deep.join("control.sock");
    assert_eq!(asked(&path, Request::Ping).await.expect("asked"), None);
    tokio::spawn(Listener::bind(&path).expect("bound").serve(gateway()));
    assert!(asked(&path, Request::Ping).await.expect("asked").is_some());
}

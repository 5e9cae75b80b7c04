//! Every story, played once from beginning to end. `STORY=name` plays one; `UPDATE=1` writes what
//! followed into it.

use super::support::story::{Mode, Story, all, check, play};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_story_comes_true() {
    let mut trouble = Vec::new();
    for path in all() {
        let mut story = Story::read(&path);
        let played = play(&story, Mode::Whole).await;
        assert!(played.end.nothing_twice(), "{}: {:?}", story.name(), played.end);
        let found = check(&mut story, &played);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, story.text()).expect("a story");
        }
        trouble.extend(found);
    }
    assert!(trouble.is_empty(), "{}", trouble.join("\n"));
}

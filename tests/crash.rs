//! Every story again while the gateway dies: the same end, and no letter twice. Where it dies while
//! a post to a list leaves, the post waits for a person instead.

use super::support::story::{Mode, Played, Story, all, check, play};
use tokio::sync::OnceCell;

/// Every story undisturbed, played once for all.
static WHOLE: OnceCell<Vec<Played>> = OnceCell::const_new();

async fn whole() -> &'static [Played] {
    let played = WHOLE.get_or_init(|| async {
        let mut all_played = Vec::new();
        for path in all() {
            all_played.push(play(&Story::read(&path), Mode::Whole).await);
        }
        all_played
    });
    played.await
}

async fn every_story(mode: Mode) -> Vec<Played> {
    let mut all_played = Vec::new();
    for (path, whole) in all().into_iter().zip(whole().await) {
        let mut story = Story::read(&path);
        let played = play(&story, mode).await;
        assert!(played.end.nothing_twice(), "{}: {:?}", story.name(), played.end);
        if played.post_waits {
            all_played.push(played);
            continue;
        }
        assert_eq!(played.end, whole.end, "{}, {mode:?}", story.name());
        let trouble = check(&mut story, &played);
        assert!(trouble.is_empty(), "{mode:?}: {}", trouble.join("\n"));
        all_played.push(played);
    }
    all_played
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_ends_after_every_step_and_sled_is_lost() {
    every_story(Mode::Reopened).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_dies_at_every_step_of_its_store() {
    let played = every_story(Mode::Crashing).await;
    assert!(played.iter().all(|one| one.deaths > 0), "a story was not disturbed");
    let (deaths, stories) = (played.iter().map(|one| one.deaths).sum::<usize>(), played.len());
    assert!(deaths > 5 * stories, "only {deaths} deaths in {stories} stories");
    println!("{deaths} deaths in {stories} stories");
}

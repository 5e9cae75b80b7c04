//! What systemd is told (sd_notify). Without systemd these do nothing.

use super::Gateway;
use sd_notify::NotifyState;

impl Gateway {
    pub(super) fn say_ready(&self) {
        say(&[NotifyState::Ready]);
    }

    /// The desk has come round: it is not stuck.
    pub(super) fn say_alive(&self) {
        say(&[NotifyState::Watchdog]);
    }

    pub(super) fn say_stopping(&self) {
        say(&[NotifyState::Stopping]);
    }
}

fn say(states: &[NotifyState<'_>]) {
    if sd_notify::notify(false, states).is_err() {
        tracing::debug!("nobody takes notifications");
    }
}

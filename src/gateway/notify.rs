//! What systemd is told (sd_notify): nothing where it does not listen.

use sd_notify::NotifyState;
use std::time::Duration;

/// The state is open and mail is being taken in.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// We have begun to end.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Every part has made progress since the last time.
pub fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// How often [`alive`] has to be said: half of what systemd waits. `None` where it does not watch.
pub fn watchdog() -> Option<Duration> {
    let mut microseconds = 0;
    sd_notify::watchdog_enabled(false, &mut microseconds)
        .then(|| Duration::from_micros(microseconds / 2))
        .filter(|pause| !pause.is_zero())
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(false, state) {
        tracing::warn!(kind = %error.kind(), "systemd cannot be told how we are");
    }
}

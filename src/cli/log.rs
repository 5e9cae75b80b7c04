//! The operator's log: to stderr, our own targets alone, no content.

use super::{Exit, Failure};
use crate::config::{Level, LogFormat, LogSettings};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// The only targets that are ever enabled: libraries log what strangers send.
const OURS: [&str; 2] = ["sirt_gateway", "sirt"];

/// Begins to log. `SIRT_LOG` goes before the configuration: a level, or `target=level,…`.
pub fn begin(settings: LogSettings) -> Result<(), Failure> {
    let filter = match std::env::var("SIRT_LOG").ok().filter(|text| !text.is_empty()) {
        Some(text) => from_words(&text).ok_or_else(|| {
            let line = "SIRT_LOG is not a level (environment): write off, error, warn, info, \
                        debug or trace";
            Failure::new(Exit::Unusable, line)
        })?,
        None => only_ours(level(settings.level)),
    };
    let to_stderr = fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let layer = match settings.format {
        LogFormat::Text => to_stderr.with_filter(filter).boxed(),
        LogFormat::Json => to_stderr.json().with_filter(filter).boxed(),
    };
    // A second time is a command that reads the configuration again: the first filter stays.
    let _ = tracing_subscriber::registry().with(layer).try_init();
    Ok(())
}

/// What panics say may hold what strangers sent: only the place is told.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a fault in the program");
        eprintln!("sirt: a fault in the program ({place}): please report this line");
    }));
}

fn from_words(text: &str) -> Option<Targets> {
    if let Ok(level) = text.trim().parse::<LevelFilter>() {
        return Some(only_ours(level));
    }
    let asked: Targets = text.parse().ok()?;
    let ours = |target: &str| {
        OURS.iter().any(|own| {
            target == *own || target.strip_prefix(own).is_some_and(|rest| rest.starts_with("::"))
        })
    };
    let kept: Targets = asked.into_iter().filter(|(target, _)| ours(target)).collect();
    (kept.iter().count() > 0).then_some(kept)
}

fn only_ours(level: LevelFilter) -> Targets {
    OURS.into_iter().map(|target| (target, level)).collect()
}

fn level(level: Level) -> LevelFilter {
    match level {
        Level::Off => LevelFilter::OFF,
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn libraries_are_never_heard() {
        for text in ["trace", "async_imap=trace,sirt_gateway=info", "lettre=trace,sirt=debug"] {
            let filter = from_words(text).expect("a filter");
            for target in ["async_imap", "lettre", "sled", "imap_proto", "rustls"] {
                assert!(!filter.would_enable(target, &Level::ERROR), "{text}: {target}");
            }
        }
        let filter = from_words("sirt_gateway::intake=debug").expect("a filter");
        assert!(filter.would_enable("sirt_gateway::intake::imap", &Level::DEBUG));
        assert!(from_words("loud please").is_none());
    }
}

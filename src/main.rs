//! `sirt`: the command line of the gateway.

#![forbid(unsafe_code)]

use clap::error::{ContextKind, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use sirt_gateway::cli::{self, Exit, Failure, Outcome, Reading};
use sirt_gateway::control::Request;
use std::path::PathBuf;
use std::process::ExitCode;

/// The mail gateway of a security incident response team.
#[derive(Parser)]
#[command(name = "sirt", version, max_term_width = 80, after_help = HELP)]
struct Sirt {
    /// The configuration [default: $SIRT_CONFIG, ./config.toml, /etc/sirt/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const HELP: &str = "\
Exit status: 0 done; 1 findings, or a refused request; 2 usage, configuration
or keys; 75 try again later (a server, the disk, another gateway).";

const IMPORT: &str = "\
What came by no [[watch]] list is left out: a list is known by its List-Id, or
by its address in To or Cc. The same mail is read once, however often it is
imported. No gateway may run meanwhile (exit status 75). --json prints counts:
read, observed, same, updates, candidates, duplicates, ours, unlisted,
unreadable, too_large, held.";

const OBSERVATIONS: &str = "\
WHY is the rule by which a post may be worth a notice (S-1 to S-5), =O3 where it
says the same as post O3, >O3 where it brings O3 up to date.

--json prints one array, in the order of reading; of each post:
  number, id, at      its number here, as O12; when it was read
  list, kind          advisory, update, discussion, cve-request, routine, other
  subject, author, posted, message_id, thread, archive, series
  ids, about          ids it names; those that it is about
  packages, affected, fixed, cvss, severity
  exploited, malicious   the sentences that say so, or null
  takes_back          it withdraws, disputes or corrects
  from_us             what shows that it is a notice of ours, or null
  reasons             [{rule, why}] for a notice; candidate: it may be one
  same_as, same_because, update_of   numbers of other posts, or null
  cases               numbers of the cases it touched when it was read
  past, told, gist    imported; it stood in a digest; its first sentences";

#[derive(Subcommand)]
enum Command {
    /// Make a folder with configuration, keys and what is to be published
    Init(Init),
    /// Look at everything that could fail tomorrow
    Check {
        /// Speak to no server
        #[arg(long)]
        offline: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Take in mail and send letters until SIGTERM or SIGINT
    Run,
    /// Take in what waits, send what is due, and end
    Once {
        /// Act as if it were this instant (in exercises only)
        #[arg(long, value_name = "INSTANT")]
        now: Option<Timestamp>,
        #[command(flatten)]
        form: Form,
    },
    /// List the open cases
    Cases {
        /// Closed ones too
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Show one case: facts, people, dates, timeline
    Show {
        /// Its number, as SIRT-2026-4827
        case: String,
        /// With what people wrote; this is recorded and told to the handlers
        #[arg(long)]
        words: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Print one case as a document; nothing, where something is missing
    Export {
        /// Its number, as SIRT-2026-4827
        case: String,
        /// For package scanners, advisory feeds, a CVE request, or people
        #[arg(long, value_enum)]
        format: Document,
        #[command(flatten)]
        form: Form,
    },
    /// List the letters: to whom they went, or why they wait
    Letters {
        /// Those alone that wait for a person
        #[arg(long)]
        held: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Let a held letter leave
    Release {
        /// Its number, as L17
        id: String,
    },
    /// Drop a held letter: it never leaves
    Discard {
        /// Its number, as L17
        id: String,
        /// The reason, for the journal
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// List mail that could not be filed
    Quarantine(Form),
    /// Take quarantined mail in again, after a mend
    Retry {
        /// Its number, as Q3
        id: String,
    },
    /// Read past mail of watched lists, as observations; nobody is told
    #[command(after_help = IMPORT)]
    Import {
        /// An mbox, a mail, a maildir or a folder of mails; - for an mbox on stdin
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The [[watch]] list that all of it came by, whatever its List-Id says
        #[arg(long, value_name = "NAME")]
        list: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// List the posts of watched lists, and what was made of them
    #[command(after_help = OBSERVATIONS)]
    Observations {
        /// Posted on that day or later, or at that instant
        #[arg(long, value_name = "DAY", value_parser = cli::since)]
        since: Option<Timestamp>,
        /// Of this list alone
        #[arg(long, value_name = "NAME")]
        list: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Print every fact, one JSON object a line
    Journal {
        /// From this sequence number on
        #[arg(long, default_value_t = 0, value_name = "SEQ")]
        from: u64,
        /// As always: the journal has no other form
        #[arg(long, hide = true)]
        json: bool,
    },
    /// Prove that journal, kept mail and caseload agree
    Verify(Form),
    /// Play an exercise: own store, simulated clock, nobody written to
    Tabletop {
        script: PathBuf,
        /// Where to lay out its mail and state [default: a new folder]
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Print what can be said to the gateway by mail
    Commands(Form),
    /// The team's key and its published forms
    #[command(subcommand)]
    Key(Key),
    /// List the members, their keys, and since when they count
    Roster {
        #[command(subcommand)]
        accept: Option<Accept>,
        #[command(flatten)]
        form: Form,
    },
    #[command(hide = true)]
    Worker,
}

#[derive(Clone, Copy, ValueEnum)]
enum Document {
    Osv,
    Csaf,
    Cve,
    Text,
}

#[derive(Args)]
struct Init {
    /// The folder to make
    dir: PathBuf,
    /// The team's name, as "Example SIRT"
    #[arg(long)]
    name: String,
    /// The team's address, as sirt@example.org
    #[arg(long)]
    address: String,
    /// The generation of OpenPGP that the key is for
    #[arg(long, value_enum, default_value = "rfc4880")]
    profile: Profile,
}

#[derive(Clone, Copy, ValueEnum)]
enum Profile {
    /// Everybody's program can use it
    Rfc4880,
    /// For correspondents with newest programs only
    Rfc9580,
}

#[derive(Args)]
struct Form {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Accept {
    /// Let a member's new key count, after you compared it with its owner
    Accept {
        /// The whole fingerprint
        #[arg(value_name = "FPR")]
        key: String,
    },
}

#[derive(Subcommand)]
enum Key {
    /// Show who it is, until when, and whether it can be used
    Show(Form),
    /// Print the certificate, or write it in the form of a Web Key Directory
    Export {
        /// Below this folder, as .well-known/openpgpkey/…
        #[arg(long, value_name = "DIR")]
        wkd: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    cli::quiet_panics();
    let outcome = match Sirt::try_parse() {
        Ok(Sirt { command: Command::Worker, .. }) => return cli::run::worker(),
        Ok(asked) => carry_out(asked),
        Err(error) => usage(&error),
    };
    match outcome {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn carry_out(Sirt { config, command }: Sirt) -> Outcome {
    let now = Timestamp::now();
    let settings = || cli::settings(config.as_deref());
    let ask = |request, form: Form| cli::ask(&settings()?, &request, form.reading());
    let quiet = Form { json: false };
    match command {
        Command::Init(init) => cli::init(&init.args(), now),
        Command::Check { offline, form } => {
            cli::check(&cli::CheckArgs { config, offline, json: form.json }, now)
        }
        Command::Run => cli::run::run(&settings()?),
        Command::Once { now, form } => once(&settings()?, now, &form),
        Command::Cases { all, form } => ask(Request::Cases { all }, form),
        Command::Show { case, words, form } => ask(Request::Show { case, words }, form),
        Command::Export { case, format, form } => {
            ask(Request::Export { case, format: format.name().to_owned() }, form)
        }
        Command::Letters { held, form } => ask(Request::Letters { held }, form),
        Command::Release { id } => ask(Request::Release { id }, quiet),
        Command::Discard { id, why } => ask(Request::Discard { id, why }, quiet),
        Command::Quarantine(form) => ask(Request::Quarantine, form),
        Command::Retry { id } => ask(Request::Retry { id }, quiet),
        Command::Import { files, list, form } => {
            cli::import(&settings()?, &cli::ImportArgs { files, list, json: form.json })
        }
        Command::Observations { since, list, form } => {
            ask(Request::Observations { since, list }, form)
        }
        Command::Journal { from, json: _ } => ask(Request::Journal { from }, quiet),
        Command::Verify(form) => ask(Request::Verify, form),
        Command::Tabletop { script, dir } => {
            cli::run::tabletop(&cli::run::Exercise { script, folder: dir })
        }
        Command::Commands(Form { json: true }) => {
            cli::say(&cli::commands_json()).map(|()| Exit::Done)
        }
        Command::Commands(_) => {
            let at_hand = cli::find_config(config.as_deref()).is_ok();
            let settings = if at_hand { Some(settings()?) } else { None };
            cli::say(&cli::commands(settings.as_ref())).map(|()| Exit::Done)
        }
        Command::Key(Key::Show(form)) => cli::show(&settings()?, form.json, now),
        Command::Key(Key::Export { wkd }) => cli::export(&settings()?, wkd.as_deref()),
        Command::Roster { accept: Some(Accept::Accept { key }), form } => {
            ask(Request::AcceptKey { key }, form)
        }
        Command::Roster { accept: None, form } => ask(Request::Roster, form),
        Command::Worker => Ok(Exit::Done),
    }
}

/// The summary is printed whatever the exit status.
fn once(settings: &cli::Settings, now: Option<Timestamp>, form: &Form) -> Outcome {
    let (summary, exit) = cli::run::once(settings, now)?;
    let text = match form.reading() {
        Reading::Json => cli::json(&summary),
        Reading::Page => summary.to_string(),
    };
    cli::say(&format!("{text}\n"))?;
    Ok(exit)
}

impl Form {
    fn reading(&self) -> Reading {
        if self.json { Reading::Json } else { Reading::Page }
    }
}

impl Document {
    fn name(self) -> &'static str {
        match self {
            Document::Osv => "osv",
            Document::Csaf => "csaf",
            Document::Cve => "cve",
            Document::Text => "text",
        }
    }
}

impl Init {
    fn args(self) -> cli::InitArgs {
        let profile = match self.profile {
            Profile::Rfc4880 => cli::Kind::Rfc4880,
            Profile::Rfc9580 => cli::Kind::Rfc9580,
        };
        cli::InitArgs { folder: self.dir, name: self.name, address: self.address, profile }
    }
}

/// Help goes to stdout as it is; a mistake becomes one line.
fn usage(error: &clap::Error) -> Outcome {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return cli::say(&error.render().to_string()).map(|()| Exit::Done);
    }
    let said = error.render().to_string();
    let first = said.lines().next().unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is missing".into(),
        ErrorKind::MissingRequiredArgument => {
            let missing = error.get(ContextKind::InvalidArg).map(ToString::to_string);
            format!("missing: {}", missing.unwrap_or_default().replace('\n', ", "))
        }
        _ => first.trim_start_matches("error: ").to_owned(),
    };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg];
    let near = near.into_iter().find_map(|kind| error.get(kind));
    let todo = match near {
        Some(name) => format!("did you mean '{name}'?"),
        None => "see sirt help".into(),
    };
    Err(Failure::new(Exit::Unusable, format!("{what} (command line): {todo}")))
}

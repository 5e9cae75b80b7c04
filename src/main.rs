use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => sirt_gateway::worker::process::main(),
        _ => ExitCode::SUCCESS,
    }
}

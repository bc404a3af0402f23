//! `media-factory-service`: the service as a program.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use media_factory_service::{Arguments, Service, StartError, check, log, signals};

fn main() -> ExitCode {
    let arguments = Arguments::from_process();
    if let Some(url) = &arguments.check {
        return match check::healthy(url) {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => complain(&problem),
        };
    }
    log::start(arguments.log, arguments.log_level);
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

fn complain(problem: &str) -> ExitCode {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "media-factory-service: {problem}");
    ExitCode::FAILURE
}

fn run(arguments: &Arguments) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let signals = signals::Signals::new()?;
        let service = Service::start(arguments).await?;
        let mut out = io::stdout().lock();
        for place in service.listening() {
            // Whoever closed standard output does not want to know.
            let _ = writeln!(out, "{}", serde_json::json!(place));
        }
        let _ = out.flush();
        drop(out);
        signals.end(service).await;
        Ok(())
    })
}

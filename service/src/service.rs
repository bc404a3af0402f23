//! The service as a whole: how it starts and how it ends.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use media_factory_core::{media::MediaType, runtime::Clock};
use media_factory_machine_clock::MachineClock;
use media_factory_sandbox::{
    order::run_order,
    server::{LONGEST_PAGE, MOST_FOLLOWED, Renderer, Server, ThreadRenderer},
};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::{
    access::Access,
    answer::Desk,
    arguments::Arguments,
    blank::BlankRenderer,
    data::{self, Disk},
    failure::StartError,
    faults::Faults,
    intake::Intake,
    intercept::Interceptor,
    listener::{Connections, Listening, Port},
    openapi::Facts,
    site::Site,
    spawner::TokioSpawner,
};

/// How long connections have to end after the stop.
const FAREWELL: Duration = Duration::from_secs(5);

/// How often to look whether everything is rendered.
const LOOK: Duration = Duration::from_millis(20);

/// How often what is past its day is forgotten where nobody asks for anything.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// A running service. Dropping it leaves it running; [`Service::stop`] ends it.
#[derive(Debug)]
pub struct Service {
    listening: Vec<Listening>,
    server: Server,
    connections: Connections,
    stop: CancellationToken,
    grace: Duration,
    disk: Option<Arc<Disk>>,
}

impl Service {
    /// Takes the ports and serves them on the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] says what to do; nothing is left behind then.
    pub async fn start(arguments: &Arguments) -> Result<Self, StartError> {
        let access = Arc::new(Access::new(arguments)?);
        let ports = arguments
            .ports()
            .into_iter()
            .map(|(medium, port)| Port::bind(medium, SocketAddr::new(arguments.host, port)));
        let ports: Vec<Port> = ports.collect::<Result<_, _>>()?;
        let listening = ports.iter().map(Port::listening).collect::<Result<_, _>>()?;

        let clock: Arc<dyn Clock> = Arc::new(MachineClock::new(Handle::current()));
        let limits = arguments.limits();
        let renderer = renderer(arguments)?;
        let spawner = Arc::new(TokioSpawner(Handle::current()));
        let mut kept = None;
        let server = match &arguments.data_dir {
            Some(directory) => {
                let (disk, records) = data::open(directory)?;
                tracing::info!(
                    tasks = records.tasks.len(),
                    uploads = records.uploads.len(),
                    directory = %directory.display(),
                    "everything is kept in the data directory"
                );
                let disk = Arc::new(disk);
                kept = Some(disk.clone());
                let restored =
                    Server::restored(renderer, clock.clone(), spawner, limits, disk, records);
                restored.await.map_err(|error| StartError::Data {
                    directory: directory.clone(),
                    problem: format!("cannot be written: {error}"),
                })?
            }
            None => {
                tracing::info!(
                    "everything is kept in memory: give --data-dir to keep it over a restart"
                );
                Server::new(renderer, clock.clone(), spawner, limits)
            }
        };

        let intake = Intake::new(arguments.max_body);
        let interceptor = arguments.faults.then(|| -> Arc<dyn Interceptor> {
            Arc::new(Faults::new(server.clone(), intake.clone()))
        });
        let stop = CancellationToken::new();
        let connections = Connections::new(arguments.connections, stop.clone());
        let facts = Facts {
            max_duration: limits.max_duration,
            fidelity: limits.fidelity,
            max_body: arguments.max_body,
            most_in_batch: limits.batch,
            most_followed: MOST_FOLLOWED,
            longest_page: LONGEST_PAGE,
            token: access.wants_token(),
        };
        for port in ports {
            let desk = Desk {
                medium: port.medium().clone(),
                server: server.clone(),
                intake: intake.clone(),
                stop: stop.clone(),
            };
            let site = Site::new(desk, &facts, access.clone(), interceptor.clone(), clock.clone());
            drop(tokio::spawn(port.serve(Arc::new(site), connections.clone())));
        }
        drop(tokio::spawn(sweep(server.clone(), stop.clone())));
        let grace = arguments.grace;
        Ok(Self { listening, server, connections, stop, grace, disk: kept })
    }

    /// Every medium and its address.
    pub fn listening(&self) -> &[Listening] {
        &self.listening
    }

    /// The address of one medium, such as `http://127.0.0.1:5000`.
    pub fn url(&self, medium: &MediaType) -> Option<&str> {
        let place = self.listening.iter().find(|place| place.medium == medium.as_str());
        place.map(|place| place.url.as_str())
    }

    /// Ends the service: lets the ports go, ends event streams, gives renders their grace, answers
    /// what is open, and closes the data directory.
    pub async fn stop(self) {
        self.stop.cancel();
        let idle = async {
            while self.open_tasks() > 0 {
                tokio::time::sleep(LOOK).await;
            }
        };
        // What is not done by then is not lost with a data directory, and said to be without.
        let _ = tokio::time::timeout(self.grace, idle).await;
        // Counted before: what is stopped in the middle is neither waiting nor at work any more.
        let open = self.open_tasks();
        self.server.shutdown().await;
        match (open, &self.disk) {
            (0, _) => {}
            (tasks, Some(_)) => tracing::info!(tasks, "tasks stay queued in the data directory"),
            (tasks, None) => tracing::warn!(
                tasks,
                "tasks are lost, because they were kept in memory only: --data-dir keeps them"
            ),
        }
        if tokio::time::timeout(FAREWELL, self.connections.closed()).await.is_err() {
            tracing::warn!("some clients did not take their answers in time");
        }
        if let Some(disk) = &self.disk {
            disk.close().await;
        }
        tracing::info!("ended");
    }

    fn open_tasks(&self) -> usize {
        let counts = self.server.counts();
        counts.pending + counts.processing
    }
}

async fn sweep(server: Server, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(SWEEP)).await.is_some() {
        server.sweep();
    }
}

fn renderer(arguments: &Arguments) -> Result<Arc<dyn Renderer>, StartError> {
    if !arguments.blank {
        return Ok(Arc::new(ThreadRenderer::new(run_order, arguments.limits().workers)));
    }
    let blank = BlankRenderer::new(arguments.blank_seconds);
    let blank = blank.map_err(|failure| std::io::Error::other(format!("{failure:?}")))?;
    Ok(Arc::new(blank))
}

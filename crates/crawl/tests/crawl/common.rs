//! What the tests share: a scripted server on loopback, a frontier in memory, and a quick policy.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use lapwing_crawl::{
    Frontier, FrontierError, HostKey, Pending, Policy, Postponement, Purpose, Refusal, Summary, Target, crawl,
    redirect_location,
};
use lapwing_types::Exchange;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use url::Url;

/// What the server does with a request.
pub(crate) enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends these bytes and then nothing, with the connection open.
    Stall(Vec<u8>),
    /// Sends the first bytes, then the others again and again.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
}

pub(crate) fn ok(body: &str) -> Reply {
    status(200, &[], body)
}

pub(crate) fn status(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    Reply::Bytes([head.as_bytes(), body.as_bytes()].concat())
}

pub(crate) fn moved(location: &str) -> Reply {
    status(302, &[("location", location)], "")
}

/// Everything but robots.txt is answered by the page, robots.txt by 404.
pub(crate) fn without_robots(
    page: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> impl Fn(&str) -> Reply + Send + Sync {
    move |path: &str| if path == "/robots.txt" { status(404, &[], "") } else { page(path) }
}

#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) at: Instant,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub(crate) async fn start(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let server = Self { address, requests: Arc::clone(&requests), connections: Arc::clone(&connections) };
        let script = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *connections.lock().unwrap() += 1;
                tokio::spawn(answer(stream, Arc::clone(&script), Arc::clone(&requests)));
            }
        });
        server
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).collect()
    }

    pub(crate) fn pages(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.path != "/robots.txt").collect()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

async fn answer(
    mut stream: TcpStream,
    script: Arc<impl Fn(&str) -> Reply + Send + Sync>,
    requests: Arc<Mutex<Vec<Request>>>,
) {
    let Some((head, at)) = read_head(&mut stream).await else { return };
    let path = head.split(' ').nth(1).unwrap_or_default().to_string();
    requests.lock().unwrap().push(Request { path: path.clone(), head, at });
    match script(&path) {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read(&mut [0; 16]).await;
        }
        Reply::Endless(first, again) => {
            let _ = stream.write_all(&first).await;
            while stream.write_all(&again).await.is_ok() {}
        }
        Reply::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.set_zero_linger();
        }
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<(String, Instant)> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    let mut at = None;
    while !head.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        at = at.or(Some(Instant::now()));
        head.extend_from_slice(&buffer[..read]);
    }
    Some((String::from_utf8_lossy(&head).into_owned(), at?))
}

/// A frontier in memory that follows redirects and nothing else.
#[derive(Default)]
pub(crate) struct MemoryFrontier {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<(Target, Timestamp)>,
    next_id: i64,
    kept: Vec<(Purpose, Exchange)>,
    refused: Vec<(Url, Refusal)>,
    postponed: Vec<Postponement>,
}

impl State {
    fn add(&mut self, url: Url, redirected_from: Vec<Url>) {
        self.next_id += 1;
        let target = Target { redirected_from, ..Target::seed(self.next_id, url) };
        self.waiting.push((target, Timestamp::UNIX_EPOCH));
    }
}

impl MemoryFrontier {
    pub(crate) fn of(urls: impl IntoIterator<Item = Url>) -> Arc<Self> {
        let frontier = Self::default();
        for url in urls {
            frontier.state.lock().unwrap().add(url, Vec::new());
        }
        Arc::new(frontier)
    }

    pub(crate) fn kept(&self, purpose: Purpose) -> Vec<Exchange> {
        let state = self.state.lock().unwrap();
        state.kept.iter().filter(|(kept, _)| *kept == purpose).map(|(_, exchange)| exchange.clone()).collect()
    }

    pub(crate) fn pages(&self) -> Vec<Exchange> {
        self.kept(Purpose::Page)
    }

    pub(crate) fn refused(&self) -> Vec<(Url, Refusal)> {
        self.state.lock().unwrap().refused.clone()
    }

    pub(crate) fn refusal_kinds(&self) -> Vec<&'static str> {
        self.refused().iter().map(|(_, refusal)| refusal.kind()).collect()
    }

    pub(crate) fn postponed(&self) -> Vec<Postponement> {
        self.state.lock().unwrap().postponed.clone()
    }

    pub(crate) fn left(&self) -> usize {
        self.state.lock().unwrap().waiting.len()
    }
}

#[async_trait]
impl Frontier for MemoryFrontier {
    async fn claim(&self, busy: &[HostKey]) -> Result<Option<Target>, FrontierError> {
        let mut state = self.state.lock().unwrap();
        let now = Timestamp::now();
        let may_start = |(target, due): &(Target, Timestamp)| {
            *due <= now && HostKey::of(&target.url).is_none_or(|host| !busy.contains(&host))
        };
        let found = state.waiting.iter().position(may_start);
        Ok(found.map(|index| state.waiting.remove(index).0))
    }

    async fn keep(&self, target: &Target, purpose: Purpose, exchange: Exchange) -> Result<(), FrontierError> {
        let mut state = self.state.lock().unwrap();
        if purpose == Purpose::Page
            && let Some(next) = redirect_location(&exchange)
        {
            let mut chain = target.redirected_from.clone();
            chain.push(target.url.clone());
            state.add(next, chain);
        }
        state.kept.push((purpose, exchange));
        Ok(())
    }

    async fn refuse(&self, target: &Target, refusal: Refusal) -> Result<(), FrontierError> {
        self.state.lock().unwrap().refused.push((target.url.clone(), refusal));
        Ok(())
    }

    async fn postpone(&self, target: &Target, postponement: Postponement) -> Result<(), FrontierError> {
        let mut state = self.state.lock().unwrap();
        let target = Target { attempt: postponement.attempt, ..target.clone() };
        state.waiting.push((target, postponement.until));
        state.postponed.push(postponement);
        Ok(())
    }

    async fn pending(&self) -> Result<Pending, FrontierError> {
        let state = self.state.lock().unwrap();
        let now = Timestamp::now();
        let later: Vec<Timestamp> = state.waiting.iter().map(|(_, due)| *due).filter(|due| *due > now).collect();
        let ready = (state.waiting.len() - later.len()) as u64;
        Ok(Pending { ready, later: later.len() as u64, next_at: later.iter().min().copied() })
    }
}

/// A policy without pauses that lets the servers pass.
pub(crate) fn quick(servers: &[&Server]) -> Policy {
    Policy {
        default_delay: Duration::ZERO,
        retries: 1,
        retry_base: Duration::from_millis(5),
        patience: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
        allow_private: servers.iter().map(|server| server.address.to_string().parse().unwrap()).collect(),
        ..Policy::default()
    }
}

pub(crate) async fn run(policy: Policy, frontier: &Arc<MemoryFrontier>) -> Summary {
    let (_keep, stop) = watch::channel(false);
    let crawling = crawl(policy, Arc::clone(frontier) as Arc<dyn Frontier>, |_| {}, stop);
    timeout(Duration::from_secs(20), crawling).await.expect("the crawl ends by itself").unwrap()
}

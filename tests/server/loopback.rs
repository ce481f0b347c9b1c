//! An HTTP server on this machine that answers as a test says, and breaks off where the test wants it to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What came in.
pub struct Request {
    /// `GET /api/v1/configs`, without what is behind a `?`.
    pub line: String,
    /// What is behind the `?`.
    pub query: String,
    pub head: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.head.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// What goes out.
pub enum Reply {
    /// Status, media type, further lines of the head, and the body.
    Answer(u16, &'static str, String),
    /// On to another address.
    Redirect(&'static str),
    /// Events, then the end of the stream as it should be.
    Events(String),
    /// Events, then the connection breaks in the middle of the stream.
    Cut(String),
    /// Events, then nothing more while the connection stays.
    Stall(String),
    /// The connection breaks without an answer.
    HangUp,
    /// No answer while the connection stays.
    Silence,
    /// Something that is no HTTP.
    Raw(&'static str),
}

/// A server that runs until the test ends.
pub struct Loopback {
    pub url: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Loopback {
    /// Answers each request by a function of it and of how many with the same line came before.
    pub fn start(reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, reply) = (Arc::clone(&lines), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
                thread::spawn(move || {
                    let Some(request) = read(&stream) else {
                        let _ = write(&stream, Reply::Raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
                        return;
                    };
                    let nth = {
                        let mut seen = seen.lock().expect("no other thread panics");
                        seen.push(request.line.clone());
                        seen.iter().filter(|line| **line == request.line).count() - 1
                    };
                    // The other side may have gone: that is its matter.
                    let _ = write(&stream, reply(&request, nth));
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        Self { url, lines }
    }

    /// How often this was asked: `POST /api/v1/main/flows`.
    pub fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|known| *known == line).count()
    }

    /// All requests, in order.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no thread panics").clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (method, target) = line.split_once(' ')?;
    let target = target.split(' ').next()?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (line, query) = (format!("{method} {path}"), query.replace("%5B", "[").replace("%5D", "]"));
    let mut head = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        head.push((name.to_owned(), value.to_owned()));
    }
    let mut request = Request { line, query, head, body: Vec::new() };
    request.body = vec![0; request.header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

fn write(mut stream: &TcpStream, reply: Reply) -> std::io::Result<()> {
    let head = |status: u16, media_type: &str| format!("HTTP/1.1 {status} Said\r\nContent-Type: {media_type}\r\nConnection: close\r\n");
    let mut events = |events: &str| -> std::io::Result<()> {
        write!(stream, "{}Transfer-Encoding: chunked\r\n\r\n", head(200, "text/event-stream"))?;
        // In pieces that end anywhere, as the network cuts them.
        events.as_bytes().chunks(700).try_for_each(|piece| {
            write!(stream, "{:x}\r\n", piece.len())?;
            stream.write_all(piece)?;
            stream.write_all(b"\r\n")
        })
    };
    match reply {
        Reply::Answer(status, media_type, body) => {
            write!(stream, "{}Content-Length: {}\r\n\r\n{body}", head(status, media_type), body.len())
        }
        Reply::Redirect(to) => write!(stream, "{}Location: {to}\r\nContent-Length: 0\r\n\r\n", head(302, "text/plain")),
        Reply::Events(all) => {
            events(&all)?;
            stream.write_all(b"0\r\n\r\n")
        }
        Reply::Cut(some) => {
            events(&some)?;
            stream.write_all(b"ff\r\nid: progress\ndata: {\"id\": \"cut o")
        }
        Reply::Stall(some) => {
            events(&some)?;
            wait_for_the_end(stream)
        }
        Reply::HangUp => Ok(()),
        Reply::Silence => wait_for_the_end(stream),
        Reply::Raw(text) => stream.write_all(text.as_bytes()),
    }
}

/// Until the other side has closed the connection.
fn wait_for_the_end(mut stream: &TcpStream) -> std::io::Result<()> {
    stream.read(&mut [0]).map(|_| ())
}

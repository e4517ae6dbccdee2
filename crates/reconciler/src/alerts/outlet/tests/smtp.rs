//! Enough of a mail server.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A letter as it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Letter {
    pub(super) to: Vec<String>,
    pub(super) text: String,
}

#[derive(Debug, Default)]
struct Post {
    letters: Mutex<Vec<Letter>>,
    heard: Mutex<Vec<String>>,
}

/// A server without TLS that knows one password: `right`.
#[derive(Debug)]
pub(super) struct Server {
    port: u16,
    post: Arc<Post>,
    _task: JoinSet<()>,
}

impl Server {
    /// One that greets so, and answers so to each recipient.
    pub(super) async fn start(greeting: &'static str, answer: &'static str) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let post = Arc::new(Post::default());
        let mut server = JoinSet::new();
        let kept = Arc::clone(&post);
        server.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // Whoever hangs up is done.
                let _done = talk(stream, &kept, greeting, answer).await;
            }
        });
        Self {
            port: address.port(),
            post,
            _task: server,
        }
    }

    pub(super) fn url(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}", self.port)
    }

    pub(super) fn letters(&self) -> Vec<Letter> {
        self.post.letters.lock().unwrap().clone()
    }

    /// All that was said to it.
    pub(super) fn heard(&self) -> Vec<String> {
        self.post.heard.lock().unwrap().clone()
    }
}

async fn talk(stream: TcpStream, post: &Post, greeting: &str, answer: &str) -> std::io::Result<()> {
    // base64 of "\0crossbill\0right".
    const RIGHT: &str = "AUTH PLAIN AGNyb3NzYmlsbAByaWdodA==";
    let mut stream = BufStream::new(stream);
    let mut letter = Letter::default();
    say(&mut stream, &format!("{greeting} here")).await?;
    while let Some(line) = hear(&mut stream).await? {
        post.heard.lock().unwrap().push(line.clone());
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say(&mut stream, "250-here\r\n250 AUTH PLAIN LOGIN").await?,
            "AUTH" if line == RIGHT => say(&mut stream, "235 welcome").await?,
            "AUTH" => say(&mut stream, "535 who are you").await?,
            "RCPT" => {
                letter.to.push(line["RCPT TO:".len()..].to_owned());
                say(&mut stream, &format!("{answer} so it is")).await?;
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                while let Some(line) = hear(&mut stream).await?.filter(|line| line != ".") {
                    letter.text.push_str(&line);
                    letter.text.push('\n');
                }
                post.letters
                    .lock()
                    .unwrap()
                    .push(std::mem::take(&mut letter));
                say(&mut stream, "250 taken").await?;
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "250 well").await?,
        }
    }
    Ok(())
}

async fn say(stream: &mut BufStream<TcpStream>, line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// The next line; `None` at the end, or where it is no text.
async fn hear(stream: &mut BufStream<TcpStream>) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let count = stream.read_until(b'\n', &mut line).await?;
    let text = String::from_utf8(line).ok().filter(|_| count > 0);
    Ok(text.map(|text| text.trim_end().to_owned()))
}

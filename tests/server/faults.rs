//! What `run` does when the server, or what is between, fails: at each place where it can.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;

use super::kestra::{self, Kestra, PASSWORD, USER, ok, refused};
use super::loopback::{Loopback, Reply};
use super::{FOLLOW, NO_FAULT, Printed, command, is, parts, prepared, run, run_with, said, two_slots};

/// Runs with a fault while it is followed: the same states as without, each once, of one execution.
fn resumes(test: &str, fault: kestra::Fault) -> (Printed, usize) {
    let case = two_slots();
    let folder = prepared(test, case);
    let whole = run(&folder, &Kestra::new(case).start(NO_FAULT), &[]);
    let server = Kestra::new(case).start(fault);
    let printed = run(&folder, &server, &[]);
    assert_eq!((printed.code, &printed.out), (Some(0), &whole.out), "{}", printed.err);
    assert!(parts(&whole).0.lines().count() > 15);
    assert_eq!(server.count("POST /api/v1/main/executions/real/par2"), 1);
    (printed, server.count(FOLLOW))
}

#[test]
fn a_connection_that_is_cut_is_resumed_without_repeating_a_line() {
    let (printed, n) = resumes("cut", |kestra, request, nth| match nth {
        // The first stream breaks within an event; the second repeats what the first had, and breaks too; the third can't be had.
        0 | 1 if request.line == FOLLOW => {
            let all = kestra.events(0, false);
            let half = all.match_indices("\n\n").nth(kestra.n_changes() / 3 * (nth + 1)).expect("there are so many").0;
            Some(Reply::Cut(all[..half + 2].to_owned()))
        }
        2 if request.line == FOLLOW => Some(Reply::HangUp),
        _ => None,
    });
    assert_eq!(n, 4);
    let notes: Vec<&str> = printed.err.lines().filter(|line| line.starts_with("the connection")).collect();
    let lost = "the connection was lost; it is tried again";
    assert_eq!(notes, [lost, "the connection is back", lost, "the connection is back"]);
}

#[test]
fn a_stream_that_ends_early_is_asked_for_again() {
    let (printed, n) = resumes("early", |kestra, request, nth| match nth {
        0 if request.line == FOLLOW => Some(Reply::Events(kestra.events(0, false).split_inclusive("\n\n").take(4).collect())),
        1 if request.line == FOLLOW => Some(Reply::Events(kestra.events(2, false).split_inclusive("\n\n").take(2).collect())),
        _ => None,
    });
    assert_eq!(n, 3);
    assert!(!printed.err.contains("the connection"), "a stream that a proxy closed is no news: {}", printed.err);
}

#[test]
fn a_silent_stream_and_a_server_that_fails_are_asked_again() {
    let (_, n) = resumes("silent", |kestra, request, nth| match nth {
        0 if request.line == FOLLOW => Some(Reply::Stall(kestra.events(0, false).split_inclusive("\n\n").take(5).collect())),
        1 if request.line == FOLLOW => Some(refused(503, "starting")),
        _ => None,
    });
    assert_eq!(n, 3);
}

#[test]
fn what_is_no_execution_in_the_stream_is_passed_over() {
    resumes("odd", |kestra, request, _| {
        let odd = "id: progress\ndata: {\"id\": 7}\n\ndata: no json\n\n: \n\nretry: 5\n\nid: progress\ndata: {\"flowId\":\n\n";
        (request.line == FOLLOW).then(|| Reply::Events(odd.to_owned() + &kestra.events(0, true)))
    });
}

/// The server writes what is fetched a moment after what is followed.
#[test]
fn an_execution_is_asked_for_until_it_is_there_as_a_whole() {
    resumes("indexer", |kestra, request, nth| match nth {
        0 if request.line == "GET /api/v1/main/executions/execution0" => Some(refused(404, "Not Found")),
        1 if request.line == "GET /api/v1/main/executions/execution0" => {
            let events = kestra.events(4, false);
            let json = events.lines().filter_map(|line| line.strip_prefix("data: ")).nth(1).expect("there is a change");
            Some(Reply::Answer(200, "application/json", json.to_owned()))
        }
        _ => None,
    });
}

#[test]
fn an_execution_of_which_a_server_says_nothing_is_given_up() {
    let case = two_slots();
    let server =
        Kestra::new(case).start(|_, request, _| (request.line == FOLLOW).then(|| Reply::Events("id: start\ndata: {}\n\n".to_owned())));
    let printed = run(&prepared("nothing", case), &server, &[]);
    insta::assert_snapshot!(said(&printed), @"
    exit 1
    http://SERVER: Kestra 2.0.3, tenant main
    stored real.par2, revision 1
    started http://SERVER/ui/main/executions/real/par2/execution0
    the connection was lost; it is tried again
    error: http://SERVER said nothing of the execution execution0, and was tried again for 1.75 s: the execution may still be running, see http://SERVER/ui/main/executions/real/par2/execution0
    ");
}

#[test]
fn a_connection_that_stays_lost_is_given_up() {
    let case = two_slots();
    let server = Kestra::new(case).start(|kestra, request, nth| match nth {
        0 if request.line == FOLLOW => Some(Reply::Cut(kestra.events(0, false).split_inclusive("\n\n").take(4).collect())),
        _ if request.line == FOLLOW => Some(Reply::HangUp),
        _ => None,
    });
    let printed = run(&prepared("gone", case), &server, &[]);
    insta::assert_snapshot!(said(&printed), @"
    exit 1
        0.000 s  CREATED    execution of par2
        0.002 s  CREATED    p
        0.003 s  RUNNING    execution of par2
    http://SERVER: Kestra 2.0.3, tenant main
    stored real.par2, revision 1
    started http://SERVER/ui/main/executions/real/par2/execution0
    the connection was lost; it is tried again
    error: the connection to http://SERVER was lost (Peer disconnected), and was tried again for 1.75 s: the execution may still be running, see http://SERVER/ui/main/executions/real/par2/execution0
    ");
    assert_eq!(server.count("POST /api/v1/main/executions/real/par2"), 1);
}

#[test]
fn an_execution_is_not_started_twice() {
    const START: &str = "POST /api/v1/main/executions/real/par2";
    let case = two_slots();
    let server = Kestra::new(case).start(|_, request, _| (request.line == START).then_some(Reply::HangUp));
    let printed = run(&prepared("twice", case), &server, &[]);
    insta::assert_snapshot!(said(&printed), @"
    exit 1
    http://SERVER: Kestra 2.0.3, tenant main
    stored real.par2, revision 1
    error: the connection to http://SERVER was lost (Peer disconnected): real.par2 may have been started, so look at http://SERVER/ui/main/executions before you run it again
    ");
    assert_eq!(server.count(START), 1);
}

/// What is said when the server answers requests that begin with this in another way.
fn refusal(test: &str, fault: kestra::Fault) -> String {
    let case = two_slots();
    let printed = run(&prepared(test, case), &Kestra::new(case).start(fault), &[]);
    assert_eq!((printed.code, printed.out.as_str()), (Some(1), ""), "{}", printed.err);
    let last = printed.err.lines().last().expect("something is said").to_owned();
    assert_eq!(printed.err.matches("error").count(), 1, "{}", printed.err);
    last
}

#[test]
fn each_failure_is_one_sentence() {
    const VALIDATE: &str = "POST /api/v1/main/flows/validate";
    const START: &str = "POST /api/v1/main/executions";
    let all: [(&str, kestra::Fault); 17] = [
        ("401", |_, request, _| is(request, VALIDATE).then(|| refused(401, ""))),
        ("403", |_, request, _| is(request, VALIDATE).then(|| refused(403, "Forbidden"))),
        ("no tenant", |_, request, _| is(request, VALIDATE).then(|| refused(404, "Page Not Found"))),
        ("refused", |_, request, _| {
            let why = "tasks[0].type: Invalid type: io.kestra.none\n";
            is(request, VALIDATE).then(|| ok(&json!([{"index": 0, "namespace": "real", "flow": "par2", "constraints": why}])))
        }),
        ("not stored", |_, request, _| {
            let flows = request.line == "POST /api/v1/main/flows";
            flows.then(|| refused(422, "Invalid entity: flow.tasks[0].id: Duplicate task id."))
        }),
        ("not started", |_, request, _| is(request, START).then(|| refused(422, "Invalid value for input `n`. Cause: it's missing"))),
        ("disabled", |_, request, _| is(request, START).then(|| refused(409, "Cannot execute a disabled flow"))),
        ("500", |_, request, _| is(request, VALIDATE).then(|| refused(500, "Internal Server Error: database is down"))),
        ("a page", |_, request, _| {
            let page = "<!doctype html><title>Sign in</title>".to_owned();
            is(request, "GET /api/v1/configs").then_some(Reply::Answer(200, "text/html; charset=utf-8", page))
        }),
        ("a page later", |_, request, _| is(request, VALIDATE).then(|| Reply::Answer(200, "application/json", "<html></html>".to_owned()))),
        ("garbage", |_, request, _| {
            is(request, "GET /api/v1/configs").then(|| Reply::Answer(200, "application/json", "{\"version\": \"2.".to_owned()))
        }),
        ("another service", |_, request, _| is(request, "GET /api/v1/configs").then(|| refused(404, "no such route"))),
        ("a redirect", |_, request, _| {
            is(request, "GET /api/v1/configs").then_some(Reply::Redirect("https://login.example.org/start?token=abc"))
        }),
        ("no HTTP", |_, request, _| is(request, "GET /api/v1/configs").then_some(Reply::Raw("SSH-2.0-OpenSSH_9.9\r\n"))),
        ("slow", |_, request, _| is(request, VALIDATE).then_some(Reply::Silence)),
        ("hang up", |_, request, _| is(request, VALIDATE).then_some(Reply::HangUp)),
        ("forgotten", |_, request, _| is(request, FOLLOW).then(|| refused(404, "Not Found"))),
    ];
    let said = all.map(|(what, fault)| format!("{what}: {}", refusal(&format!("fault-{}", what.replace(' ', "-")), fault)));
    insta::assert_snapshot!(said.join("\n"), @"
    401: error: http://SERVER does not know this user with this password, or this token (401): check `--user`, KESTRA_PASSWORD and KESTRA_TOKEN
    403: error: http://SERVER does not allow you to do so (403): ask for the right to write flows and to run them, or be another `--user`
    no tenant: error: http://SERVER has no tenant `main` (404): give the one that stands in the addresses of its pages as `--tenant`
    refused: error: http://SERVER refuses real.par2 (tasks[0].type: Invalid type: io.kestra.none): correct it; nothing was stored or started
    not stored: error: http://SERVER refused to store real.par2 (422: Invalid entity: flow.tasks[0].id: Duplicate task id): correct the flow or its inputs; nothing was started
    not started: error: http://SERVER refused to start real.par2 (422: Invalid value for input `n`. Cause: it's missing): correct the flow or its inputs; nothing was started
    disabled: error: http://SERVER refused to start real.par2 (409: Cannot execute a disabled flow): correct the flow or its inputs; nothing was started
    500: error: http://SERVER failed (500: Internal Server Error: database is down): try again, or look into its log
    a page: error: http://SERVER answered with a web page, as Kestra's API never does: check the address, it is that of the server itself, such as http://localhost:8080
    a page later: error: http://SERVER answered with a web page, as Kestra's API never does: check the address, it is that of the server itself, such as http://localhost:8080
    garbage: error: http://SERVER answered with what is not JSON: check the address, and what is between it and here
    another service: error: what answers at http://SERVER is no Kestra server: check host, port and path of the address
    a redirect: error: http://SERVER sends requests on to https://login.example.org/start (302): if that is the server, give its address; if it is a page to sign in, give an address that does without
    no HTTP: error: what answers at http://SERVER does not speak HTTP as Kestra does: check the port, and whether the address begins with `https://`
    slow: error: http://SERVER did not answer within 1.0 s: try again, or wait longer with `--timeout`
    hang up: error: the connection to http://SERVER was lost (Peer disconnected): try again, or check the address
    forgotten: error: http://SERVER does not have the execution any more (404): look for it there; the execution is at http://SERVER/ui/main/executions/real/par2/execution0
    ");
}

#[test]
fn a_server_that_repeats_the_password_does_not_get_it_printed() {
    let last = refusal("echo", |_, request, _| {
        let sent = format!("you are {} with {PASSWORD}\u{1b}[2J", request.header("Authorization"));
        is(request, "POST /api/v1/main/flows/validate").then(|| refused(500, &sent))
    });
    insta::assert_snapshot!(last, @"error: http://SERVER failed (500: you are Basic *** with *** [2J): try again, or look into its log");
}

#[test]
fn nothing_is_stored_or_started_when_the_flow_is_refused() {
    let case = two_slots();
    let server = Kestra::new(case)
        .start(|_, request, _| is(request, "POST /api/v1/main/flows/validate").then(|| ok(&json!([{"index": 0, "constraints": "no"}]))));
    run(&prepared("refused-first", case), &server, &[]);
    assert_eq!(server.lines(), ["GET /api/v1/configs", "POST /api/v1/main/flows/validate"]);
}

#[test]
fn a_server_that_is_not_there_is_reported() {
    let folder = prepared("absent", two_slots());
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a port is free");
    let plain = Kestra::new(two_slots()).start(NO_FAULT);
    let safe = plain.url.replace("http:", "https:");
    let said = [format!("http://{closed}"), safe, "http://host.invalid".to_owned()].map(|server| {
        let printed = run_with(&folder, &server, &["--user", USER]);
        assert_eq!((printed.code, printed.out.as_str()), (Some(1), ""));
        printed.err.lines().last().unwrap_or_default().replace(&server, "SERVER")
    });
    insta::assert_snapshot!(said.join("\n"), @"
    error: nothing answers at http://SERVER: start the server, or check host and port
    error: there is no safe connection to http://SERVER (received corrupt message of type InvalidContentType): write `http://` if it has no TLS; if its certificate is of your own authority, add that to those of the system, or name its file in SSL_CERT_FILE
    error: the name of the host in http://SERVER is not known: check the address
    ");
}

#[test]
fn who_asks_is_said_by_user_password_and_token() {
    let case = two_slots();
    let folder = prepared("login", case);
    let server = Kestra::new(case).start(NO_FAULT);
    let mut all = vec![run_with(&folder, &server.url, &[])];
    all.push(run_with(&folder, &server.url, &["--user", "nobody@example.org"]));
    all.push(run_with(&folder, &server.url, &["--user", "me:secret"]));
    all.push(run_with(&folder, &server.url.replace("//", &format!("//{USER}:{PASSWORD}@")), &[]));
    let asked = |name: &str, value: Option<&str>, arguments: &[&str]| {
        let mut tool = command(&folder, &[&["flow.yaml", "--server", &server.url], arguments].concat());
        match value {
            Some(value) => tool.env(name, value),
            None => tool.env_remove(name),
        };
        let output = tool.output().expect("the tool runs");
        let err = String::from_utf8_lossy(&output.stderr).replace(&server.url, "http://SERVER");
        Printed { code: output.status.code(), out: String::from_utf8_lossy(&output.stdout).into_owned(), err }
    };
    all.push(asked("KESTRA_PASSWORD", None, &["--user", USER]));
    all.push(asked("KESTRA_TOKEN", Some("t0ken"), &[]));
    all.push(asked("KESTRA_TOKEN", Some("t0\nken"), &[]));
    insta::assert_snapshot!(all.iter().map(said).collect::<Vec<_>>().join("\n").replace(&server.url, "http://SERVER"), @"
    exit 1
    http://SERVER: Kestra 2.0.3, tenant main
    error: http://SERVER asks who you are (401): give `--user NAME` with the password in KESTRA_PASSWORD, or a token in KESTRA_TOKEN

    exit 1
    http://SERVER: Kestra 2.0.3, tenant main
    error: http://SERVER does not know this user with this password, or this token (401): check `--user`, KESTRA_PASSWORD and KESTRA_TOKEN

    exit 2
    error: --user is a name alone: give the password in KESTRA_PASSWORD, or when it is asked for

    exit 2
    error: --server holds a user or a password, which others can see there: give the user as `--user`, and the password in KESTRA_PASSWORD or when it is asked for

    exit 2
    error: there is no password for admin@example.org: give it in KESTRA_PASSWORD, or run the command in a terminal

    exit 1
    http://SERVER: Kestra 2.0.3, tenant main
    error: http://SERVER does not know this user with this password, or this token (401): check `--user`, KESTRA_PASSWORD and KESTRA_TOKEN

    exit 1
    error: KESTRA_TOKEN has characters that no token has: copy it again
    ");
    assert!(all.iter().all(|printed| !printed.err.contains("secret") && !printed.err.contains("t0")));
}

#[test]
fn a_token_is_a_bearer() {
    let case = two_slots();
    let server = Loopback::start(|request, _| match request.header("Authorization") {
        "Bearer t0ken" => ok(&json!({"edition": "EE"})),
        _ => refused(401, ""),
    });
    let output = command(&prepared("token", case), &["flow.yaml", "--server", &server.url]).env("KESTRA_TOKEN", "t0ken\n").output();
    let err = String::from_utf8(output.expect("the tool runs").stderr).expect("it is text");
    assert!(err.contains("does not say which version"), "{err}");
}

/// The states that came are printed while the stream stays open; then the tool is interrupted.
#[cfg(unix)]
#[test]
fn an_interrupted_command_leaves_the_execution_alone() {
    let case = two_slots();
    let server = Kestra::new(case).start(|kestra, request, _| {
        (request.line == FOLLOW).then(|| Reply::Stall(kestra.events(0, false).split_inclusive("\n\n").take(4).collect()))
    });
    let arguments = ["flow.yaml", "--server", &server.url, "--user", USER];
    let mut tool =
        command(&prepared("interrupted", case), &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the tool runs");
    let states = BufReader::new(tool.stdout.take().expect("it is piped"));
    assert!(states.lines().map_while(Result::ok).any(|line| line.contains("RUNNING")), "states come while it runs");
    let interrupted = Command::new("kill").args(["-INT", &tool.id().to_string()]).status().expect("there is such a command");
    assert!(interrupted.success());
    assert_eq!(tool.wait().expect("it ends").code(), Some(130));
    let said = BufReader::new(tool.stderr.take().expect("it is piped"));
    let last = said.lines().map_while(Result::ok).last().expect("it says something").replace(&server.url, "http://SERVER");
    insta::assert_snapshot!(last, @"the execution goes on at the server, where it can be killed: http://SERVER/ui/main/executions/real/par2/execution0");
}

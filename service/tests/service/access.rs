//! Host, origin and token.

use std::fs;

use reqwest::{Client, Method, StatusCode};

use crate::support::{code, raw, refusal_to_start, start, submit, text};

#[tokio::test]
async fn a_name_that_was_pointed_here_is_refused() {
    let (service, url) = start(&["--only", "image", "--allow-host", "media.example"]).await;
    let ask = async |host: &str| raw_get(&url, &format!("host: {host}\r\n")).await;
    for host in ["localhost:5000", "127.0.0.1", "[::1]:5000", "media.example", "10.1.2.3:80"] {
        assert!(ask(host).await.starts_with("HTTP/1.1 200"), "{host}");
    }
    for host in ["evil.example", "localhost.evil.example:5000", "x@localhost"] {
        let answer = ask(host).await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{host}: {answer}");
        assert!(answer.contains("--allow-host") && !answer.contains("evil"), "{answer}");
    }
    assert!(raw_get(&url, "").await.starts_with("HTTP/1.1 400"));
    let twice = raw_get(&url, "host: localhost\r\nhost: evil.example\r\n").await;
    assert!(twice.starts_with("HTTP/1.1 400"), "{twice}");
    service.stop().await;
}

async fn raw_get(url: &str, headers: &str) -> String {
    let request = format!("GET /health HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
    raw(url, request.as_bytes()).await
}

#[tokio::test]
async fn pages_of_this_machine_may_read_and_others_may_not_write() {
    let (service, url) = start(&["--only", "image", "--blank"]).await;
    let client = Client::new();
    let local = submit(&client, &url, "a").header("origin", "http://localhost:8000");
    let local = local.send().await.unwrap();
    assert_eq!(local.status(), StatusCode::ACCEPTED);
    assert_eq!(local.headers()["access-control-allow-origin"], "http://localhost:8000");
    assert_eq!(
        local.headers()["access-control-expose-headers"],
        "Location, Retry-After, ETag, Accept-Ranges, Content-Range, Content-Length"
    );
    assert_eq!(local.headers()["vary"], "Origin");

    let foreign = submit(&client, &url, "b").header("origin", "https://evil.example");
    let foreign = foreign.send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert!(!foreign.headers().contains_key("access-control-allow-origin"));
    assert_eq!(code(foreign).await, "auth");
    let task = client.get(format!("{url}/tasks/b")).send().await.unwrap();
    assert_eq!(task.status(), StatusCode::NOT_FOUND, "nothing was submitted");

    let reading = client.get(format!("{url}/health")).header("origin", "https://evil.example");
    let reading = reading.send().await.unwrap();
    assert_eq!(reading.status(), StatusCode::OK);
    assert!(!reading.headers().contains_key("access-control-allow-origin"));
    service.stop().await;
}

#[tokio::test]
async fn preflights_say_what_pages_may_do() {
    let named = ["--allow-origin", "https://studio.example", "--only", "image"];
    for (more, fault) in [(vec![], false), (vec!["--faults"], true)] {
        let (service, url) = start(&[&named[..], &more].concat()).await;
        let client = Client::new();
        let ask = |origin: &str| {
            let request = client.request(Method::OPTIONS, format!("{url}/generate"));
            let request = request.header("origin", origin);
            request.header("access-control-request-method", "POST")
        };
        let allowed = ask("https://studio.example")
            .header("access-control-request-private-network", "true")
            .send()
            .await
            .unwrap();
        assert_eq!(allowed.status(), StatusCode::NO_CONTENT);
        let headers = allowed.headers();
        assert_eq!(headers["access-control-allow-origin"], "https://studio.example");
        assert_eq!(headers["access-control-max-age"], "86400");
        assert_eq!(headers["access-control-allow-private-network"], "true");
        assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("DELETE"));
        let names = headers["access-control-allow-headers"].to_str().unwrap().to_lowercase();
        for name in [
            "authorization",
            "content-type",
            "idempotency-key",
            "if-none-match",
            "last-event-id",
            "prefer",
            "range",
        ] {
            assert!(names.contains(name), "{name}: {names}");
        }
        assert_eq!(names.contains("x-media-factory-fault"), fault);
        for other in ["http://localhost:8000", "null", "https://studio.example.evil.example"] {
            let refused = ask(other).send().await.unwrap();
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{other}");
            assert!(!refused.headers().contains_key("access-control-allow-origin"));
        }
        service.stop().await;
    }
}

#[tokio::test]
async fn a_token_is_wanted_for_everything_but_health_and_preflights() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    fs::write(&file, "# the studio\nfirst-token-of-many\n\nsecond-token-of-many\n").unwrap();
    let arguments = ["--only", "image", "--blank", "--token-file", text(&file)];
    let (service, url) = start(&arguments).await;
    let client = Client::new();
    let bearer = |token: &str| format!("Bearer {token}");

    assert_eq!(client.get(format!("{url}/health")).send().await.unwrap().status(), StatusCode::OK);
    let preflight = client.request(Method::OPTIONS, format!("{url}/generate"));
    let preflight = preflight.header("origin", "http://localhost").send().await.unwrap();
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    for wrong in ["", "Bearer", "Bearer wrong", "Basic first-token-of-many", "first-token-of-many"]
    {
        let refused = submit(&client, &url, "a").header("authorization", wrong);
        let refused = refused.header("origin", "http://localhost").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{wrong}");
        assert!(refused.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
        assert!(refused.headers().contains_key("access-control-allow-origin"));
        assert_eq!(code(refused).await, "auth");
    }
    for path in ["models", "tasks", "tasks/a", "outputs/a/0.png", "no-such-path"] {
        let refused = client.get(format!("{url}/{path}")).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    for token in ["first-token-of-many", "second-token-of-many"] {
        let accepted = submit(&client, &url, "a").header("authorization", bearer(token));
        assert_eq!(accepted.send().await.unwrap().status(), StatusCode::ACCEPTED, "{token}");
    }
    service.stop().await;
}

#[tokio::test]
async fn what_one_token_makes_does_not_exist_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    fs::write(&file, "first-token-of-many\nsecond-token-of-many\n").unwrap();
    let arguments = ["--only", "image", "--blank", "--token-file", text(&file)];
    let (service, url) = start(&arguments).await;
    let client = Client::new();
    let first = submit(&client, &url, "a").header("authorization", "Bearer first-token-of-many");
    assert_eq!(first.send().await.unwrap().status(), StatusCode::ACCEPTED);
    let read = |token: &str| {
        let request = client.get(format!("{url}/tasks/a"));
        request.header("authorization", format!("Bearer {token}")).send()
    };
    assert_eq!(read("first-token-of-many").await.unwrap().status(), StatusCode::OK);
    assert_eq!(read("second-token-of-many").await.unwrap().status(), StatusCode::NOT_FOUND);
    service.stop().await;
}

#[tokio::test]
async fn unusable_tokens_are_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    let missing = refusal_to_start(&["--token-file", text(&file)]).await;
    assert!(missing.contains("cannot be read") && missing.contains(text(&file)), "{missing}");
    fs::write(&file, "# nothing yet\n").unwrap();
    let empty = refusal_to_start(&["--token-file", text(&file)]).await;
    assert!(empty.contains("has no token"), "{empty}");
    fs::write(&file, "fine-token-of-many\nsecret with spaces\n").unwrap();
    let spaces = refusal_to_start(&["--token-file", text(&file)]).await;
    assert!(spaces.contains("line 2") && !spaces.contains("secret"), "{spaces}");
    fs::write(&file, [0xff, 0xfe]).unwrap();
    let binary = refusal_to_start(&["--token-file", text(&file)]).await;
    assert!(binary.contains("cannot be read"), "{binary}");
}

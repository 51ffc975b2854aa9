//! What an agent uploads comes back as it was.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Sql, eventually, on_both_engines};

use super::{a_message, attach, bytes, download_url, get, header, media, refusal, refused, request, upload};
use crate::stage::{Desk, PATIENCE, customer_writes, sandbox};

/// More than two of the pieces in which files are kept.
const LENGTH: usize = 700_001;

on_both_engines! {
    async fn a_file_of_which_only_curl_speaks_is_of_no_type(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let curls = "application/x-www-form-urlencoded";
        let uploaded = upload(&desk, &desk.admin, &sandbox, "invoice.pdf", curls, bytes(10)).await;
        assert_eq!(uploaded.json::<Value>().await.unwrap()["mimeType"], "application/octet-stream");
    }

    async fn an_uploaded_file_comes_back_whole_and_in_parts(engine: Engine) {
        let desk = Desk::start(engine).await;
        let message = a_message(&desk).await;
        let sandbox = sandbox(&desk.admin).await;
        let content = bytes(LENGTH);
        let name = "Q3 \"final\"\r\n résumé 履歴書.pdf";
        let uploaded = upload(&desk, &desk.admin, &sandbox, name, "Application/PDF; a=b", content.clone()).await;
        assert_eq!(uploaded.status(), StatusCode::CREATED);
        let file: Value = uploaded.json().await.unwrap();
        assert_eq!(file["name"], "Q3 \"final\" résumé 履歴書.pdf");
        assert_eq!((&file["mimeType"], &file["sizeBytes"]), (&json!("application/pdf"), &json!(LENGTH)));
        let document = "query File($id: ID!) { node(id: $id) { ... on File { id name mimeType sizeBytes usedAt } } }";
        let node = desk.admin.query(document, json!({ "id": file["id"] })).await["node"].take();
        let told = json!({ "id": file["id"], "name": file["name"], "mimeType": "application/pdf", "sizeBytes": LENGTH, "usedAt": null });
        assert_eq!(node, told);

        attach(&desk, &file).await;
        let shown = media(&desk.admin, &message).await;
        assert_eq!((&shown["kind"], &shown["sizeBytes"]), (&json!("DOCUMENT"), &json!(LENGTH)));
        assert_eq!(shown["downloadRefusal"], Value::Null);

        // The ticket is enough.
        let url = download_url(&desk.admin, &message).await;
        let whole = get(&desk, &url, None).await;
        assert_eq!(whole.status(), StatusCode::OK);
        assert_eq!(header(&whole, "content-type"), "application/octet-stream");
        assert_eq!(header(&whole, "x-content-type-options"), "nosniff");
        assert_eq!(header(&whole, "cache-control"), "private, no-cache");
        assert!(header(&whole, "content-security-policy").contains("sandbox"));
        assert_eq!(header(&whole, "content-length"), LENGTH.to_string());
        assert_eq!(
            header(&whole, "content-disposition"),
            "attachment; filename=\"Q3 _final_ r_sum_ ___.pdf\"; \
             filename*=UTF-8''Q3%20%22final%22%20r%C3%A9sum%C3%A9%20%E5%B1%A5%E6%AD%B4%E6%9B%B8.pdf"
        );
        let tag = header(&whole, "etag");
        assert_eq!(whole.bytes().await.unwrap(), content);

        for (range, first, end) in [
            ("bytes=0-0", 0, 1),
            ("bytes=262143-262144", 262_143, 262_145),
            ("bytes=524288-", 524_288, LENGTH),
            ("bytes=-5", LENGTH - 5, LENGTH),
            ("bytes=700000-900000", 700_000, LENGTH),
        ] {
            let part = request(&desk.server, Method::GET, &url, None).header("range", range).send().await.unwrap();
            assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "{range}");
            assert_eq!(header(&part, "content-range"), format!("bytes {first}-{}/{LENGTH}", end - 1));
            assert_eq!(part.bytes().await.unwrap(), content[first..end], "{range}");
        }
        let beyond = request(&desk.server, Method::GET, &url, None).header("range", "bytes=700001-").send().await.unwrap();
        assert_eq!(header(&beyond, "content-range"), format!("bytes */{LENGTH}"));
        assert_eq!(refusal(beyond).await, refused(StatusCode::RANGE_NOT_SATISFIABLE, "BAD_REQUEST"));

        let head = request(&desk.server, Method::HEAD, &url, None).send().await.unwrap();
        assert_eq!((head.status(), header(&head, "content-length")), (StatusCode::OK, LENGTH.to_string()));
        let known = request(&desk.server, Method::GET, &url, None).header("if-none-match", tag).send().await.unwrap();
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        let by_post = request(&desk.server, Method::POST, &url, None).send().await.unwrap();
        assert_eq!(header(&by_post, "allow"), "GET, HEAD");
        assert_eq!(refusal(by_post).await, refused(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST"));
    }

    async fn what_is_not_sent_is_limited_and_deleted_after_a_day(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for number in 0..50 {
            let one = upload(&desk, &desk.admin, &sandbox, &format!("{number}.txt"), "text/plain", vec![1]).await;
            assert_eq!(one.status(), StatusCode::CREATED);
        }
        let one_more = upload(&desk, &desk.admin, &sandbox, "a.txt", "text/plain", vec![1]).await;
        assert_eq!(refusal(one_more).await, refused(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_FILES"));
        // Nobody else is held up by that.
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        assert_eq!(upload(&desk, &agent, &sandbox, "a.txt", "text/plain", vec![1]).await.status(), StatusCode::CREATED);

        let sql = Sql::connect(&desk.database).await.unwrap();
        let a_day = 24 * 3_600_000_000_i64;
        sql.execute(&format!("UPDATE files SET created_at = created_at - {a_day}")).await.unwrap();
        upload(&desk, &agent, &sandbox, "young.txt", "text/plain", vec![1]).await;
        sql.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'retention'").await.unwrap();
        eventually(PATIENCE, || async {
            customer_writes(&desk.admin, &sandbox, 7, "tick").await;
            let left = sql.number("SELECT COUNT(*) FROM files").await.unwrap();
            if left == 1 { Ok(()) } else { Err(left) }
        })
        .await;
        assert_eq!(sql.number("SELECT COUNT(*) FROM file_chunks").await.unwrap(), 1);
    }
}

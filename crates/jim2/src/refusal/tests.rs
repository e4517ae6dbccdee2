use super::*;

fn json_api(code: &str, detail: &str, pointer: &str) -> String {
    serde_json::json!({"errors": [
        {"code": code, "detail": detail, "source": {"pointer": pointer}}
    ]})
    .to_string()
}

/// One sentence in each of the bodies that a build may give its refusals.
fn bodies(sentence: &str) -> [String; 5] {
    [
        json_api("", sentence, ""),
        serde_json::json!({ "message": sentence }).to_string(),
        serde_json::json!({ "Message": sentence }).to_string(),
        serde_json::json!(sentence).to_string(),
        sentence.to_owned(),
    ]
}

#[test]
fn a_sentence_means_the_same_in_every_body() {
    for (status, sentence, expected) in [
        (
            423,
            "Job 10 is being edited by JC; try again later.",
            "the record is locked by JC",
        ),
        (
            409,
            "Job 10 is on invoice 3001 and cannot be changed.",
            "the job is invoiced and cannot be edited",
        ),
        (
            409,
            "Job 10 is Ready to invoice; a user must un-ready it.",
            "the job is Ready and cannot be edited",
        ),
        (
            403,
            "API has status level 1 and may not put job 10 on FINISH.",
            "Jim2 refuses the status step: API has status level 1 and may not put job 10 on FINISH",
        ),
        (
            403,
            "The attribute dateIn of Job is read-only.",
            "Jim2 does not let `dateIn` be written",
        ),
        (
            403,
            "Job has no attribute Name.",
            "Jim2 does not let `Name` be written",
        ),
        (
            403,
            "There is no free licence.",
            "Jim2 has no free licence for a writing session",
        ),
        (
            409,
            "Card code ACME is that of cardfile 7; choose another.",
            "Jim2 refused with 409: Card code ACME is that of cardfile 7; choose another",
        ),
        (403, "No.", "Jim2 forbids it: No"),
    ] {
        for body in bodies(sentence) {
            assert_eq!(read(status, &body).to_string(), expected, "{body}");
        }
    }
}

#[test]
fn a_status_of_two_words_is_named_whole() {
    for (said, ends) in [
        (
            "Job 10 cannot go from Burn In to Wait Parts: from there the workflow leads on.",
            ("Burn In", "Wait Parts"),
        ),
        (
            r#"The workflow has no link from "Burn In" to "On Hold"."#,
            ("Burn In", "On Hold"),
        ),
        ("The workflow has no step to Burn In.", ("", "Burn In")),
        (
            "Going to RAI.NR from Burn In is not in the workflow.",
            ("Burn In", "RAI.NR"),
        ),
    ] {
        let Error::Workflow { from, to, .. } = read(422, said) else {
            panic!("{said}");
        };
        assert_eq!((from.as_str(), to.as_str()), ends, "{said}");
    }
}

#[test]
fn a_locked_record_names_the_user_by_code_or_by_sentence() {
    for body in [
        json_api("job-locked", "Job 10 is being edited by JC; try again.", ""),
        json_api("", "The object is locked by \"JC\".", ""),
    ] {
        let error = read(423, &body);
        assert!(
            matches!(&error, Error::Locked { by: Some(by) } if by == "JC"),
            "{error:?}"
        );
    }
    assert!(matches!(read(423, ""), Error::Locked { by: None }));
}

#[test]
fn an_invoiced_job_names_its_invoice() {
    let said = "Job 10 is on invoice 3001 and cannot be changed; open a new job.";
    let error = read(409, &json_api("job-invoiced", said, ""));
    assert!(
        matches!(
            error,
            Error::JobInvoiced {
                invoice: Some(3001)
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_ready_job_is_not_a_plain_refusal() {
    let said = "Job 10 is Ready to invoice; a user must un-ready it.";
    assert!(matches!(
        read(409, &json_api("", said, "")),
        Error::JobReady
    ));
    assert!(matches!(
        read(
            409,
            &json_api("already-there", "The code is already used.", "")
        ),
        Error::Refused { status: 409, .. }
    ));
}

#[test]
fn a_refused_status_step_names_both_ends() {
    let said = "Job 10 cannot go from Booked to RAI.NR: from there the workflow leads to Proceed.";
    let error = read(422, &json_api("status-not-linked", said, ""));
    let Error::Workflow { from, to, detail } = error else {
        panic!("{error:?}");
    };
    assert_eq!((from.as_str(), to.as_str()), ("Booked", "RAI.NR"));
    assert_eq!(detail, said);
}

#[test]
fn a_read_only_attribute_is_named() {
    let body = json_api(
        "read-only",
        "dateIn is read-only.",
        "/data/attributes/dateIn",
    );
    let error = read(422, &body);
    assert!(
        matches!(&error, Error::NotWritable { attribute } if attribute == "dateIn"),
        "{error:?}"
    );
}

#[test]
fn anything_else_keeps_all_that_was_said() {
    let body = r#"{"errors":[{"detail":"Too long.","source":{"pointer":"/x"}},{"title":"Bad"}]}"#;
    let error = read(422, body);
    assert_eq!(
        error.to_string(),
        "Jim2 refused with 422: Too long (at /x); Bad"
    );
    let error = read(500, "Access violation at 0x0");
    assert!(error.to_string().contains("Access violation"), "{error}");
}

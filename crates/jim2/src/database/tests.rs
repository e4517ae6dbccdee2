use super::*;

fn identity(id: &str, epoch: i64) -> Identity {
    Identity {
        database_id: id.to_owned(),
        epoch,
    }
}

fn known() -> Known {
    Known {
        identity: Some(identity("live", 1)),
        mark: Some(70),
        ..Known::default()
    }
}

fn seen() -> Seen {
    Seen {
        identity: Some(identity("live", 1)),
        mark: Some(70),
        ..Seen::default()
    }
}

#[test]
fn the_database_we_know_is_known_wherever_its_numbers_have_come() {
    for mark in [70, 71, 7000] {
        let seen = Seen {
            mark: Some(mark),
            ..seen()
        };
        assert_eq!(known().departure(&seen), None, "{mark}");
    }
    assert_eq!(known().departure(&Seen::default()), None, "nothing is told");
    assert_eq!(
        Known::default().departure(&seen()),
        None,
        "nothing is known"
    );
}

#[test]
fn another_database_a_raised_epoch_and_a_training_copy_are_over_once_the_right_one_answers() {
    for other in [identity("copy", 1), identity("live", 2)].map(Some) {
        let seen = Seen {
            identity: other,
            ..seen()
        };
        let departure = known().departure(&seen).unwrap();
        assert!(matches!(departure, Departure::Other { .. }));
        assert_eq!(departure.reason().as_str(), "identity");
    }
    let copy = |training| Seen {
        training: Some(training),
        ..seen()
    };
    assert_eq!(known().departure(&copy(true)), Some(Departure::Training));
    assert_eq!(known().departure(&copy(false)), None);
    assert_eq!(Departure::Training.reason().as_str(), "identity");
    let for_training = Known {
        is_training: true,
        ..known()
    };
    assert_eq!(for_training.departure(&copy(true)), None);
    assert_eq!(
        for_training.departure(&copy(false)),
        Some(Departure::NotTraining),
        "what is tried out never reaches the real one"
    );
}

#[test]
fn a_change_table_that_ends_before_where_it_was_read_to_was_put_back() {
    let seen = Seen {
        mark: Some(69),
        ..seen()
    };
    let departure = known().departure(&seen).unwrap();
    assert_eq!(
        departure.to_string(),
        "its change table ends at 69, and was read up to 70 before"
    );
    assert_eq!(departure.reason().as_str(), "restored");
}

#[test]
fn without_a_change_table_it_is_the_highest_job_that_tells() {
    let at = |hour: i64| Some(DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::hours(hour));
    let job = |no, made_at| TopJob { no, made_at };
    let known = |made_at| Known {
        job: Some(job(5010, made_at)),
        ..Known::default()
    };
    for (then, jobs, expected) in [
        (at(1), vec![job(5010, at(1))], None),
        (at(1), vec![job(5010, at(1)), job(5011, at(2))], None),
        (at(1), vec![], Some(Departure::JobGone(5010))),
        // Somebody has deleted it; what was made later is still there.
        (at(1), vec![job(5011, at(2))], None),
        // The number was given again.
        (
            at(1),
            vec![job(5010, at(3)), job(5011, at(4))],
            Some(Departure::OtherJob(5010)),
        ),
        (None, vec![job(5010, at(3))], None),
        (at(1), vec![job(5010, None)], None),
    ] {
        let seen = Seen {
            jobs: Some(jobs.clone()),
            ..Seen::default()
        };
        let departure = known(then).departure(&seen);
        assert_eq!(departure, expected, "{then:?} {jobs:?}");
        if let Some(departure) = departure {
            assert_eq!(departure.reason().as_str(), "restored");
        }
    }
}

#[test]
fn of_some_jobs_only_those_as_high_as_the_highest_one_known_tell_of_a_database() {
    let known = Known {
        job: Some(TopJob {
            no: 5010,
            made_at: None,
        }),
        ..Known::default()
    };
    let of = |job_no| crate::Job {
        job_no,
        ..crate::Job::default()
    };
    for (jobs, expected) in [
        (vec![], None),
        (vec![5008, 5009], None),
        (vec![5009, 5010], Some(vec![5010])),
        (vec![5012, 5009], Some(vec![5012])),
    ] {
        let seen = known.among(&jobs.iter().copied().map(of).collect::<Vec<_>>());
        let told = seen
            .jobs
            .map(|jobs| jobs.iter().map(|job| job.no).collect());
        assert_eq!(told, expected, "{jobs:?}");
    }
}

#[test]
fn a_training_copy_is_known_by_what_it_is_called() {
    for name in [
        "Jim_Test",
        "test",
        "TRAINING",
        "JimTraining",
        "jim-train",
        "Demo",
    ] {
        assert!(sounds_like_training(name), "{name}");
    }
    for name in [
        "Jim",
        "jim2",
        "live",
        "Latest",
        "Contest_Pty",
        "Trainers",
        "jim_webapi_nonmulticompany",
    ] {
        assert!(!sounds_like_training(name), "{name}");
    }
}

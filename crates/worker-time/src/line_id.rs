//! How lines of labour are named: `jobno-lineid`.

/// The name of a line.
pub(crate) fn join(job_no: i64, line: i64) -> String {
    format!("{job_no}-{line}")
}

/// The job and the line that a name means.
pub(crate) fn split(id: &str) -> Option<(i64, i64)> {
    let (job, line) = id.split_once('-')?;
    Some((job.parse().ok()?, line.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named_by_its_job_and_its_number_and_by_nothing_less() {
        assert_eq!(split(&join(5001, 2)), Some((5001, 2)));
        for id in ["5001", "5001-", "-2", "x-2", "5001-2-3"] {
            assert_eq!(split(id), None, "{id}");
        }
    }
}

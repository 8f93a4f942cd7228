# ---- best change: of the sums of responses.csv up to the first progression or a new systemic therapy -----------------
OF_THE_STUDY$response_series <- function(study) if (!is.null(study$responses)) for (whom in c("treated", "progressed")) {
  ASKED <<- c("response_series", whom)
  d <- population(study, whom)
  r <- study$responses
  at <- match(r$patient_id, d$patient_id)
  r <- r[!blank(at), ]; at <- at[!blank(at)]
  cutoff <- study$settings$data_cutoff
  if (!is.null(cutoff)) { inside <- blank(r$assessed_on) | r$assessed_on <= cutoff; r <- r[inside, ]; at <- at[inside] }
  by_visit <- order(at, as.numeric(r$assessed_day))
  r <- r[by_visit, ]; at <- at[by_visit]
  day <- as.numeric(r$assessed_day)
  never <- function(x) ifelse(blank(x), Inf, x)
  # By iRECIST a progression is the unconfirmed one that was not resolved: the one of the day that endpoints take.
  is_pd <- r$overall_response %in% "PD" |
    (r$overall_response %in% c("iUPD", "iCPD") & day >= never(as.numeric(d$progressed_day[at])))
  earlier <- ave(as.numeric(is_pd), at, FUN = cumsum) - is_pd
  declared <- as.numeric(as.Date(r$declared_on) - as.Date(d$treatment_started_on[at]))
  counts <- earlier == 0 & day <= never(as.numeric(d$progressed_day[at])) &
    (blank(declared) | declared <= never(as.numeric(d$new_therapy_day[at])))
  r <- r[counts, ]; at <- at[counts]; is_pd <- is_pd[counts]
  baseline <- as.numeric(r$baseline_mm)
  change <- ifelse(baseline > 0, round(100 * (as.numeric(r$sum_mm) - baseline) / baseline, 6), NA)
  known <- !blank(change)
  best <- tapply(change[known], at[known], min)
  first_pd <- is_pd & !duplicated(paste(at, is_pd)) & at %in% names(best)
  cause <- strsplit(as.character(ifelse(blank(r$cause[first_pd]), "", r$cause[first_pd])), "+", fixed = TRUE)
  by_cause <- function(word) sum(vapply(cause, function(x) word %in% x, TRUE))
  o <- "best_change"
  say(o, "", "", "", "n", nrow(d))
  say(o, "", "", "", "n_evaluable", length(best))
  q <- if (length(best)) quantile(best, c(0.5, 0.25, 0.75), names = FALSE) else c(NA, NA, NA)
  say(o, "", "", "", "median", q[1], q[2], q[3])
  say(o, "", "", "<=-30", "n", sum(best <= -30))
  say(o, "", "", ">=20", "n", sum(best >= 20))
  say(o, "", "", "pd_by_new_lesion", "n", by_cause("new_lesion"))
  say(o, "", "", "pd_by_non_target", "n", by_cause("non_target"))
  say("swimmer", "", "", "", "n", sum(!blank(d$os_days)))
}

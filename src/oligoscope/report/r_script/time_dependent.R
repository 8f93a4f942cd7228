# ---- hazards of death after each pattern, from the day it is known: Cox on start and stop -----------------------
ANALYSES$time_dependent <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "hazard_ratio"))
  patients <- d
  d <- d[which(d$os_days > 0), ]
  entry <- entry_of(d, "os")
  if (!is.null(entry)) {
    d <- d[!blank(entry), ]; entry <- entry[!blank(entry)]
  }
  over <- !blank(d$progressed_day) & d$progressed_day <= d$os_days
  leaves <- over & blank(d$pattern)  # from the progression on the state is not known
  change <- pmax(d$progressed_day, 0)
  end <- ifelse(leaves, change, ifelse(over, pmax(d$os_days, d$progressed_day + 0.5), d$os_days))
  event <- ifelse(leaves, 0, d$os_event)
  changed <- over & !leaves
  r <- rbind(
    data.frame(id = d$patient_id, state = STATES[1], start = 0, stop = ifelse(changed, change, end), event = ifelse(changed, 0, event)),
    data.frame(id = d$patient_id, state = d$pattern, start = change, stop = end, event = event)[changed, ])
  r$.centre <- centre_of(d)[match(r$id, d$patient_id)]
  r$start <- r$start / MONTH; r$stop <- r$stop / MONTH
  if (!is.null(entry)) r$start <- pmax(r$start, entry[match(r$id, d$patient_id)])
  r <- r[r$stop > r$start, ]
  events <- vapply(STATES, function(s) sum(r$event[r$state == s]), 0)
  for (s in STATES) say("os", s, "", "", "events", events[[s]])
  r$entry <- r$start; r$months <- r$stop
  if (length(a$adjust_for)) {
    covariates <- adjusting(patients, a)
    for (v in covariates$out) withheld("os", "", v, "", "covariate")
    row <- match(r$id, patients$patient_id)
    known <- known_of(patients, row, covariates$names)
    k <- r[known, ]
    x <- adjusting_columns(patients, row[known], covariates$names)
    for (p in PAIRS) {
      sizes <- vapply(STATES[p], function(s) length(unique(k$id[k$state == s])), 0)
      few <- is_small(sizes) || min(vapply(STATES[p], function(s) sum(k$event[k$state == s]), 0)) < a$minimum_events
      first <- c(STATES[p[1]], setdiff(STATES, STATES[p]))
      say_adjusted("os", versus(STATES[p]), "", "", k, 1 * outer(k$state, first, `==`), x, a, few)
    }
  }
  constant <- NA; tested <- FALSE
  for (p in PAIRS) {
    pair <- versus(STATES[p])
    sizes <- vapply(STATES[p], function(s) length(unique(r$id[r$state == s])), 0)
    if (is_small(sizes) || min(events[p]) < a$minimum_events) { withheld("os", pair, "", "", "hazard_ratio"); next }
    # Against the second state of the pair: where the third has no event, its ratio alone has no bound.
    others <- setdiff(STATES, STATES[p[2]])
    x <- 1 * outer(r$state, others, `==`)
    if (identical(a$small_sample, "firth")) {
      first <- c(STATES[p[1]], setdiff(others, STATES[p[1]]))
      found <- first_ratio(r, 1 * outer(r$state, first, `==`), a)
      if (!is.null(found) && is.null(cox_of(r, x))) {
        say("os", pair, "", "", "hazard_ratio", found[1], found[2], found[3])
        say("os", pair, "", "", "p_value", found[6])
        next
      }
    }
    control <- coxph.control(eps = 1e-11, iter.max = 50)
    fit <- tryCatch(if (is_shared(r)) cox_of_frailty(r, x)
                    else if (is_alike(r)) coxph(seen(r) ~ x, cluster = r$.centre, control = control)
                    else if (is_within(r)) coxph(seen(r) ~ x + strata(r$.centre), control = control)
                    else coxph(seen(r) ~ x, control = control), error = function(e) NULL)
    if (is_alike(r) && centres_in(r) <= ncol(x)) fit <- NULL
    at <- match(STATES[p[1]], others)
    if (is.null(fit) || is.na(coef(fit)[at]) || fit$var[at, at] > 50^2) { withheld("os", pair, "", "", "hazard_ratio"); next }
    b <- coef(fit)[at]; se <- sqrt(fit$var[at, at])
    hr <- ratio(b, se, df_of(r))
    say("os", pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3])
    say("os", pair, "", "", "p_value", p_of(b / se, df_of(r)))
    if (!tested) constant <- proportional(cox_of(without_frailty(r), x))
    tested <- TRUE
  }
  if (!tested || is.na(constant)) return(invisible())
  say("os", "", "", "", "p_value_proportional_hazards", constant)
  if (constant < 0.05) change_of_states(r, a, STATES, PAIRS)
}

# ---- landmarks: from each of them, by what had happened until then ---------------------------------
STATES <- c("no_progression", "oligoprogression", "systemic")
from_landmarks <- function(d, named_as, landmarks = c(3, 6, 9)) {
  progressed <- as.numeric(as.Date(d$progressed_on) - as.Date(d$treatment_started_on))
  if ("progressed_day" %in% names(d)) progressed <- number(d, "progressed_day")
  days <- number(d, "os_days"); event <- number(d, "os_event")
  for (months in landmarks) {
    day <- months * MONTH
    group <- ifelse(!is.na(progressed) & progressed <= day, d$pattern, STATES[1])
    r <- data.frame(group = group, months = (days - day) / MONTH, event = event, stringsAsFactors = FALSE)
    if ("os_entry_days" %in% names(d)) r$entry <- pmax(number(d, "os_entry_days") - day, 0) / MONTH
    r <- r[which(days > day), , drop = FALSE]
    r <- r[complete.cases(r), , drop = FALSE]
    at <- function(group) c("landmark", named_as, "os", group, paste0("landmark_", months, "_months"), "")
    for (state in STATES) {
      x <- r[r$group == state, , drop = FALSE]
      if (nrow(x)) say_curve(at(state), curve_of(x), nrow(x), sum(x$event), times = c()) else same(at(state), "n", 0)
    }
    for (pair in list(STATES[c(2, 3)], STATES[c(2, 1)], STATES[c(3, 1)])) {
      x <- r[r$group %in% pair, , drop = FALSE]
      fit <- attempt(cox_of(x, as.numeric(x$group == pair[1])), NULL)
      if (is.null(fit)) next
      name <- at(paste(pair, collapse = " vs "))
      say_ratio(name, coef(fit), sqrt(fit$var[1]))
      same(name, "p_value_proportional_hazards", proportional(fit))
      test <- attempt(log_rank(x), c(NA, NA))
      same(name, "p_value", test[2])
      same(name, "test_statistic", test[1])
    }
  }
}

# ---- follow-up: reverse Kaplan-Meier --------------------------------------------------------------------------
ANALYSES$follow_up <- function(study, d, a) {
  r <- data.frame(months = d$os_days / MONTH, event = 1 - d$os_event)
  r$entry <- entry_of(d, "os")
  r <- r[complete.cases(r), ]
  if (!nrow(r)) return(invisible())
  m <- median_of(km(r))
  say("", "", "", "", "median", m[1], m[2], m[3])
}

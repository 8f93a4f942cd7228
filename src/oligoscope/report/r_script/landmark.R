# ---- landmarks: survival from each of them, by what had happened until then ------------------------------------
ANALYSES$landmark <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "n"))
  covariates <- adjusting(d, a)
  for (v in covariates$out) withheld("os", "", v, "", "covariate")
  for (at in c(3, 6, 9)) {
    day <- at * MONTH
    before <- !blank(d$progressed_day) & d$progressed_day <= day
    # Time and entry are made months and counted from the landmark alike: who enters on the day of a death is not at risk of it.
    r <- data.frame(group = ifelse(before, d$pattern, STATES[1]), months = d$os_days / MONTH - at, event = d$os_event, row = seq_len(nrow(d)))
    entry <- entry_of(d, "os")
    if (!is.null(entry)) r$entry <- pmax(entry - at, 0)
    r$.centre <- centre_of(d)
    r <- r[which(d$os_days > day), ]
    r <- r[complete.cases(r), ]
    variable <- paste0("landmark_", at, "_months")
    for (s in STATES) {
      x <- r[r$group == s, ]
      if (nrow(x)) describe("os", s, x, variable, c())
      else say("os", s, variable, "", "n", 0)
    }
    for (p in PAIRS) compare_from_landmark("os", d, r, STATES[p], a, variable, covariates$names)
  }
}

# ---- patients: how many were screened, treated and progressed, and why the others left -----------------------------
OF_THE_STUDY$flow <- function(study) {
  p <- study$patients$population
  ASKED <<- c("flow", "screened"); say("", "", "", "", "n", if (is.null(study$settings$rules)) NaN else length(p) + study$settings$n_set_aside)
  ASKED <<- c("flow", "treated"); say("", "", "", "", "n", sum(p %in% c("treated", "progressed")))
  ASKED <<- c("flow", "progressed"); say("", "", "", "", "n", sum(p == "progressed"))
  for (g in LEVELS$pattern) say("pattern", g, "", "", "n", sum(study$patients$pattern[p == "progressed"] %in% g))
  here <- rep(TRUE, length(p))
  for (step in study$settings$rules) {
    ASKED <<- c("flow", step$after)
    columns <- unlist(step$columns)
    leaves <- study$patients$excluded_because %in% step$rule
    n <- if (length(columns)) sum(leaves) else switch(step$rule, quarantined = study$settings$n_set_aside,
                                                      pattern = sum(p == "progressed" & blank(study$patients$pattern)), sum(leaves))
    unknown <- if (!length(columns)) 0 else if (!all(columns %in% names(study$patients))) NaN
               else if (length(columns) == 1) sum(here & blank(study$patients[[columns]])) else NaN
    # A step of every study at which no patient left is no row of results.csv.
    if (n > 0 || length(columns)) {
      say("", "", step$rule, "", "n_excluded", n)
      say("", "", step$rule, "", "n_not_assessable", unknown)
      died <- study$patients$os_event[leaves & step$after == "treated"]
      died <- died[!blank(died)]
      if (length(died)) say("os", "", step$rule, "", "events", sum(died))
    }
    here <- here & !leaves
  }
}

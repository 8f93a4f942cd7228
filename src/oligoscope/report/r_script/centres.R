# ---- treating centres: how many there are, and patients whose centre is not known --------------------------------
OF_THE_STUDY$centres <- function(study) {
  if (!("centre" %in% names(study$patients)) || all(blank(population(study, "treated")$centre))) return(invisible())
  for (whom in c("treated", "progressed")) {
    d <- population(study, whom)
    ASKED <<- c("centres", whom)
    known <- d$centre[!blank(d$centre)]
    say("", "", "", "", "n_centres", length(unique(known)))
    say("", "", "", "", "n_centre_unknown", nrow(d) - length(known))
  }
}

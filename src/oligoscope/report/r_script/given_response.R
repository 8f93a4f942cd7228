# ---- responses that were given beside those derived, at the visits of responses.csv that have both -------------------
OF_THE_STUDY$given_response <- function(study) if (!is.null(study$responses)) {
  ASKED <<- c("given_response", "screened")
  r <- study$responses
  r <- r[!blank(r$given_response) & !blank(r$overall_response), ]
  if (!nrow(r)) return(invisible())
  # By iRECIST the file has the words of the scans, and given responses are compared with what best response counts.
  if (any(grepl("^i", r$overall_response))) return(invisible())
  agree <- r$given_response == r$overall_response
  say("", "", "", "", "n_visits", nrow(r))
  say("", "", "", "", "n_agree", sum(agree))
  say("", "", "", "", "percent_agree", 100 * mean(agree))
  differ <- table(paste(r$given_response, r$overall_response, sep = DIVIDER)[!agree])
  for (pair in names(differ)) {
    two <- strsplit(pair, DIVIDER, fixed = TRUE)[[1]]
    say("", two[1], "", two[2], "n_differ", differ[[pair]])
  }
}

# ---- columns: levels and their order, as docs/data.md declares them -------------------------------------
responses <- c("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")
LEVELS <- list(
  age_60 = c(">=60", "<60"), brain_metastasis = c("yes", "no"), progressed = c("yes", "no"),
  pattern = c("oligoprogression", "systemic"),
  resistance = c("acquired", "primary", "unconfirmed_primary", "not_acquired_by_definition", "unclassifiable"),
  best_response = responses, confirmed_response = responses, sex = c("male", "female"), smoking = c("ever", "never"),
  histology = c("squamous", "adenocarcinoma", "other"), pd_l1 = c("<1%", "1-49%", ">=50%"),
  driver_gene = c("negative", "positive", "unknown"))
FIRST_IS_REFERENCE <- c("pd_l1", "stage", "ecog")
COUNTS <- c("n_baseline_organs", "n_baseline_lesions", "n_progressing_organs") # numbers however few their values
MONTH <- 30.4375  # days
Z <- qnorm(0.975)
MINIMUM_GROUP <- 0  # of the study: `matching: minimum_group`
`%||%` <- function(a, b) if (is.null(a)) b else a

# A table of patients has the attribute "kinds": of each column "text", "boolean", "integer" or "number".
blank <- function(x) is.na(x)
kind_of <- function(d, name) attr(d, "kinds")[[name]] %||% "text"
is_levels <- function(d, name) {
  kind <- kind_of(d, name)
  if (kind %in% c("text", "boolean")) return(TRUE)
  kind == "integer" && !(name %in% COUNTS) && length(unique(d[[name]])) <= 6
}
words <- function(d, name) {
  x <- as.character(d[[name]])
  if (kind_of(d, name) == "boolean") x <- ifelse(x == "true", "yes", ifelse(x == "false", "no", x))
  x
}
levels_of <- function(name, x) {
  present <- unique(x[!blank(x)])
  known <- LEVELS[[name]]
  c(known[known %in% present], sort(setdiff(present, known), method = "radix"))
}
# The groups that an analysis compares: the reference that study.yaml names is last.
groups_of <- function(a, x) {
  groups <- levels_of(a$by, x)
  if (is.null(a$reference)) return(groups)
  both <- c(a$reference, if (a$reference == "true") "yes", if (a$reference == "false") "no")
  chosen <- groups[groups %in% both][1]
  if (is.na(chosen)) groups else c(setdiff(groups, chosen), chosen)
}
# A level `all` beside the group of all patients.
beside_all <- function(a, groups) ifelse(groups == "all", paste0(a$by, "=all"), groups)
keep <- function(d, rows) {
  out <- d[if (is.logical(rows)) which(rows) else rows, , drop = FALSE]
  attr(out, "kinds") <- attr(d, "kinds")
  out
}
select <- function(d, a) {
  for (column in names(a$where)) {
    word <- a$where[[column]]
    if (kind_of(d, column) %in% c("integer", "number")) d <- keep(d, as.numeric(d[[column]]) == as.numeric(word))
    else {
      if (kind_of(d, column) == "boolean") word <- switch(word, true = "yes", false = "no", word)
      d <- keep(d, words(d, column) == word)
    }
  }
  d
}
population <- function(study, name) {
  inside <- if (name == "progressed") "progressed" else c("treated", "progressed")
  keep(study$patients, study$patients$population %in% inside)
}
versus <- function(groups) paste(groups, collapse = " vs ")
is_small <- function(sizes) min(sizes) < MINIMUM_GROUP
# Why a variable cannot be in a model of all these patients; NULL where it can.
left_out <- function(cohorts, name) {
  columns <- lapply(cohorts, function(d) if (name %in% names(d)) d[[name]] else rep(NA, nrow(d)))
  known <- lapply(columns, function(x) x[!blank(x)])
  if (any(lengths(known) == 0)) return("blank for all")
  if (any(vapply(known, function(x) length(unique(x)), 0L) < 2)) return("one level only")
  n <- mapply(function(d, x) if (name %in% names(d) && is_levels(d, name)) length(unique(x)) else 0L, cohorts, columns)
  if (max(n) > 50) return("too many levels")
  if (any(vapply(columns, anyNA, TRUE))) "missing and not imputed"
}
usable <- function(d, names) names[vapply(names, function(n) is.null(left_out(list(d), n)), TRUE)]

# ---- answers: one for each row of results.csv ------------------------------------------------------------
# A value of NA: there is no such number, and the program says why. NaN: this script does not compute it.
answers <- list()
ASKED <- c("", "")  # the analysis and the population of the rows
DIVIDER <- "\x1f"
say <- function(outcome, group, variable, level, statistic, value, low = NA, high = NA) {
  if (length(value) == 0) value <- NA
  at <- paste(c(ASKED, outcome, group, variable, level, statistic), collapse = DIVIDER)
  answers[[at]] <<- as.numeric(c(value, low, high))
}
withheld <- function(...) say(..., value = NA)
# What is asked of the files of the folder: how often, and how often it holds.
checks <- list()
check <- function(what, holds) checks[[what]] <<- (checks[[what]] %||% c(0, 0)) + c(length(holds), sum(holds %in% TRUE))
# Of each kind of analysis its function of the study, the patients and the settings; of the whole study those of the study.
ANALYSES <- list()
OF_THE_STUDY <- list()

# What patients who were treated may have come to, and which of these are compared.
STATES <- c("no_progression", "oligoprogression", "systemic")
PAIRS <- list(c(2, 3), c(2, 1), c(3, 1))

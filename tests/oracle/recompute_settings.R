# Recomputes, apart from the program, the numbers of studies with random settings.
#
#   Rscript tests/oracle/recompute_settings.R FOLDER ANSWERS.json
#
# FOLDER holds one folder a study with what its user has: settings.json (the settings as run.json holds them), patients.csv
# (labels, times and covariates), columns.csv (what kind each column is), definitions.csv; and, where random numbers were
# drawn, completed.csv (the values drawn in each imputation) and pairs.csv (matched_pairs.csv). Everything else is
# computed from the documentation of the methods with base R and the survival package, by the functions that analysis.R holds, too
# (src/oligoscope/report/r_script/*.R): who is selected, levels and their order, tests, models, weights, pooling.
# tests/oracle/recomputed.py calls this and compares.

suppressPackageStartupMessages(library(survival))
options(warn = -1, digits = 15)
arguments <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "read_json.R"))
functions <- file.path(here, "..", "..", "src", "oligoscope", "report", "r_script")
source(file.path(functions, "columns.R"))  # first: it begins the lists that the others add to
for (file in setdiff(list.files(functions, "[.]R$"), c("columns.R", "bundle.R"))) source(file.path(functions, file))

read_csv <- function(file, kinds = NULL) {
  d <- read.csv(file, stringsAsFactors = FALSE, na.strings = "", check.names = FALSE, colClasses = "character", encoding = "UTF-8")
  for (name in names(d)) if (!is.null(kinds) && kinds[[name]] %in% c("integer", "number")) d[[name]] <- as.numeric(d[[name]])
  attr(d, "kinds") <- kinds
  d
}
read_study <- function(folder) {
  file <- function(name) file.path(folder, name)
  columns <- read.csv(file("columns.csv"), stringsAsFactors = FALSE)
  kinds <- setNames(as.list(columns$kind), columns$name)
  study <- list(settings = read_json(file("settings.json")), patients = read_csv(file("patients.csv"), kinds),
                definitions = read_csv(file("definitions.csv")))
  for (name in list.files(folder, "^completed[.]")) {
    drawn <- read_csv(file(name))
    imputed <- setdiff(names(drawn), c("imputation", "patient_id"))
    cohorts <- lapply(sort(unique(as.integer(drawn$imputation))), function(i) {
      x <- drawn[drawn$imputation == i, ]
      d <- keep(study$patients, match(x$patient_id, study$patients$patient_id))
      for (column in imputed) d[[column]] <- if (kinds[[column]] %in% c("integer", "number")) as.numeric(x[[column]]) else x[[column]]
      attr(d, "kinds") <- kinds
      d
    })
    part <- strsplit(name, ".", fixed = TRUE)[[1]]
    study$every[[paste(part[2], part[3])]] <- list(population = part[2], by = part[3], imputed = imputed, cohorts = cohorts)
  }
  study$completed <- study$every[["progressed pattern"]]$cohorts  # those that are matched
  if (file.exists(file("pairs.csv"))) {
    study$pairs <- read_csv(file("pairs.csv"))
    study$pairs$imputation <- as.integer(study$pairs$imputation)
  }
  for (name in c("responses", "management")) {
    if (file.exists(file(paste0(name, ".csv")))) study[[name]] <- read_csv(file(paste0(name, ".csv")))
  }
  started <- read_csv(file("started.csv"))
  study$patients$treatment_started_on <- started$treatment_started_on[match(study$patients$patient_id, started$patient_id)]
  study$settings$data_cutoff <- study$settings$study$data_cutoff
  study
}
analyse <- function(study, a) {
  answers <<- list()
  ASKED <<- c(a$kind, a$population)
  a$outcomes <- unlist(a$outcomes); a$variables <- unlist(a$variables)
  if (a$kind %in% c("predictors", "weighting") && is.null(completed_of(study, a))) return(answers)
  if (a$population == "matched") {
    if (is.null(study$pairs) || !nrow(study$pairs)) return(answers)
    if (a$kind == "survival" && study$sealed) {
      for (outcome in a$outcomes) withheld(outcome, "", "", "", "hazard_ratio")
      return(answers)
    }
    if (a$kind == "at_progression" && study$sealed) {
      withheld("pps", "", "", "", "hazard_ratio_adjusted")
      return(answers)
    }
    ANALYSES[[a$kind]](study, NULL, a)
    return(answers)
  }
  d <- select(population(study, a$population), a)
  # No patient has these values: there is no analysis, and no counts of 0.
  if (!nrow(d) && !(a$kind %in% c("baseline", "sites", "timing"))) return(answers)
  if (!is.null(ANALYSES[[a$kind]])) ANALYSES[[a$kind]](study, d, a)
  answers
}
number <- function(x) ifelse(is.nan(x), '"?"', ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, '"Inf"', '"-Inf"'),
                      sub("^\\s+", "", formatC(x, digits = 10, format = "g", width = 1)))))
as_json <- function(found) paste0("{", paste0(vapply(names(found), function(n) {
  x <- found[[n]]
  name <- encodeString(gsub(DIVIDER, "\t", n, fixed = TRUE), quote = '"')
  paste0(name, ":[", paste(number(if (all(is.na(x[2:3]) & !is.nan(x[2:3]))) x[1] else x), collapse = ","), "]")
}, ""), collapse = ","), "}")
# Of an analysis the keys without its name and its population, which recomputed.py knows; of one it reports besides with both.
of_analysis <- function(found, kind) {
  if (!length(found)) return(found)
  own <- startsWith(names(found), paste0(kind, DIVIDER))
  names(found)[own] <- sub(paste0("^([^", DIVIDER, "]*", DIVIDER, "){2}"), "", names(found)[own])
  found
}

folders <- sort(list.dirs(arguments[1], recursive = FALSE))
lines <- vapply(folders, function(folder) {
  study <- read_study(folder)
  MINIMUM_GROUP <<- study$settings$matching$minimum_group
  # Of fewer than two centres none is taken into account.
  several <- length(unique(study$patients$centre[!blank(study$patients$centre)])) > 1
  CENTRES <<- if (several) study$settings$centres$use %||% "none" else "none"
  answers <<- list()
  study$sealed <- is_sealed(study)
  parts <- lapply(study$settings$analyses, function(a) of_analysis(tryCatch(analyse(study, a), error = function(e) {
    message(basename(folder), " ", a$kind, ": ", conditionMessage(e))
    list()
  }), a$kind))
  answers <<- list()
  for (name in names(OF_THE_STUDY)) OF_THE_STUDY[[name]](study)
  paste0('"', basename(folder), '":{"study":', as_json(answers), ',"analyses":[', paste(vapply(parts, as_json, ""), collapse = ","), "]}")
}, "")
versions <- paste0('"r":"', R.version.string, '","survival":"', packageVersion("survival"), '"')
writeLines(paste0("{\"made_by\":{", versions, "},\n\"answers\":{", paste(lines, collapse = ",\n"), "}}"), arguments[2])

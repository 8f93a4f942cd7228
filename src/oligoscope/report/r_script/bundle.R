# ---- reading the folder --------------------------------------------------------------------------------------
folder <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) dirname(gsub("~+~", " ", file[1], fixed = TRUE)) else getwd()
})
is_here <- function(name) file.exists(file.path(folder, name))
# Cells are read as text; an apostrophe that keeps a spreadsheet from taking a text for a formula is taken off again.
read_cells <- function(name) {
  cells <- read.csv(file.path(folder, name), header = FALSE, colClasses = "character", na.strings = character(),
                    encoding = "UTF-8", check.names = FALSE, blank.lines.skip = FALSE, stringsAsFactors = FALSE)
  cells[] <- lapply(cells, function(x) {
    guarded <- grepl("^'+([=+@\t\r\n-]|\uff1d|\uff0b|\uff0d|\uff20)", x)
    x[guarded] <- substring(x[guarded], 2)
    x
  })
  names <- sub("^\ufeff", "", unlist(cells[1, ], use.names = FALSE))
  cells <- cells[-1, , drop = FALSE]
  cells[] <- lapply(cells, function(x) ifelse(x == "", NA, x))
  rownames(cells) <- NULL
  setNames(cells, names)
}
read_if_here <- function(name) if (is_here(name)) read_cells(name)
# Numbers as numbers; the others stay words.
typed <- function(d) {
  for (name in names(d)) if (isTRUE(KINDS[name] %in% c("integer", "number"))) d[[name]] <- as.numeric(d[[name]])
  attr(d, "kinds") <- as.list(KINDS)
  d
}
# The study: its patients and, of each completed population, the cohorts with the values that were drawn.
read_folder <- function(settings) {
  CENTRES <<- settings$centres %||% "none"
  everyone <- read_cells("patients.csv")
  more <- read_if_here("covariates.csv")
  if (!is.null(more)) everyone[names(more)] <- more[match(everyone$patient_id, more$patient_id), ]
  study <- list(
    settings = settings, patients = typed(everyone), definitions = read_if_here("definitions.csv"),
    responses = read_if_here("responses.csv"), management = read_if_here("management.csv"),
    readers = read_if_here("reader_responses.csv"), pairs = read_if_here("matched_pairs.csv"),
    scores = read_if_here("scores.csv"), weights = read_if_here("weights.csv"))
  if (!is.null(study$pairs)) study$pairs$imputation <- as.integer(study$pairs$imputation)
  drawn <- read_if_here("imputed.csv")
  for (one in settings$completed) study$every[[paste(one$population, one$by)]] <- completed_cohorts(study, one, drawn)
  study$completed <- study$every[["progressed pattern"]]$cohorts
  study
}
completed_cohorts <- function(study, one, drawn) {
  d <- population(study, one$population)
  d <- keep(d, !blank(words(d, one$by)))
  if (!is.null(drawn)) drawn <- drawn[drawn$population == one$population & drawn$grouping == one$by, ]
  cohorts <- lapply(seq_len(one$m), function(i) {
    for (name in unique(drawn$variable)) {
      x <- drawn[drawn$variable == name & drawn$imputation == i, ]
      d[match(x$patient_id, d$patient_id), name] <- if (is.numeric(d[[name]])) as.numeric(x$value) else x$value
    }
    d
  })
  list(population = one$population, by = one$by, imputed = unique(drawn$variable), cohorts = cohorts)
}

# ---- comparing with results.csv --------------------------------------------------------------------------------
results <- read_cells("results.csv")
KEYS <- c("analysis", "population", "outcome", "group", "variable", "level", "statistic")
key_of <- function(parts) do.call(paste, c(lapply(parts, function(x) ifelse(is.na(x), "", x)), sep = DIVIDER))
results$key <- key_of(results[KEYS])
for (part in c("value", "low", "high")) results[[part]] <- as.numeric(results[[part]])
compared <- list(); failures <- character()

is_near <- function(ours, theirs, statistic) {
  if (is.na(ours) || is.na(theirs)) return(is.na(ours) && (is.na(theirs) || is.infinite(theirs)))
  if (is.infinite(ours) || is.infinite(theirs)) return(ours == theirs)
  apart <- abs(ours - theirs)
  apart <= 1e-6 * max(abs(ours), abs(theirs)) || (!grepl("^p_value", statistic) && apart < 1e-10)
}
row_of <- function(key) {
  row <- match(key, results$key)
  at <- strsplit(paste0(key, DIVIDER), DIVIDER, fixed = TRUE)[[1]]
  if (!is.na(row) || at[6] != "*") return(row)  # a level of "*" is any
  here <- Reduce(`&`, lapply(KEYS[-6], function(k) results[[k]] %in% if (at[match(k, KEYS)] == "") NA else at[match(k, KEYS)]))
  which(here)[1]
}
chosen_test <- function(outcome, group, variable) {
  method <- results$method[match(paste(c(ASKED, outcome, group, variable, "", "p_value"), collapse = DIVIDER), results$key)]
  if (grepl("Monte Carlo", method)) return("another")
  both <- c(grepl("chi-square", method), grepl("Fisher", method))
  if (is.na(method) || !any(both)) NULL else if (all(both)) "as the rule says" else c("chi-square", "Fisher")[both]
}
# Every answer beside its row. A number of R's of which results.csv has no row is a difference, too.
compare <- function(found) for (key in names(found)) {
  theirs <- found[[key]]
  row <- row_of(key)
  if (is.nan(theirs[1]) || (is.na(row) && is.na(theirs[1]))) next
  statistic <- sub(paste0(".*", DIVIDER), "", key)
  for (i in 1:3) {
    part <- c("value", "low", "high")[i]
    ours <- if (is.na(row)) NA else results[[part]][row]
    if (is.nan(theirs[i]) || (i > 1 && is.na(ours) && is.na(theirs[i]))) next
    compared[[length(compared) + 1]] <<- list(
      row = row, key = gsub(DIVIDER, " | ", key, fixed = TRUE), part = part, ours = ours, r = theirs[i],
      same = !is.na(row) && is_near(ours, theirs[i], statistic))
  }
}
# The rows of an analysis after matching where nothing could be matched.
not_matched <- function(a) {
  if (a$kind == "survival") for (outcome in a$outcomes) withheld(outcome, "", "", "", "hazard_ratio")
  if (a$kind == "baseline") withheld(a$by, "", "", "", "n")
  answers
}
analyse <- function(study, a) {
  a$where <- as.list(a$where)
  ASKED <<- c(a$kind, a$patients)
  answers <<- list()
  tried <- tryCatch({
    if (is.null(ANALYSES[[a$kind]])) return(invisible())
    if (a$population == "matched") {
      if (is.null(study$pairs) || !nrow(study$pairs)) return(compare(not_matched(a)))
      d <- NULL
      if (a$kind == "survival" && study$sealed) {
        for (outcome in a$outcomes) withheld(outcome, "", "", "", "hazard_ratio")
        return(compare(answers))
      }
      if (a$kind == "at_progression" && study$sealed) {
        withheld("pps", "", "", "", "hazard_ratio_adjusted")
        return(compare(answers))
      }
    } else d <- select(population(study, a$population), a)
    ANALYSES[[a$kind]](study, d, a)
  }, error = function(e) failures <<- c(failures, paste0(a$kind, ", ", a$patients, ": ", conditionMessage(e))))
  compare(answers)
}
analyse_study <- function(study) for (name in names(OF_THE_STUDY)) {
  answers <<- list()
  if (name == "matching") tryCatch(check_matching(study), error = function(e) failures <<- c(failures, paste0("matching, files: ", conditionMessage(e))))
  tryCatch(OF_THE_STUDY[[name]](study), error = function(e) failures <<- c(failures, paste0(name, ": ", conditionMessage(e))))
  compare(answers)
}
finish <- function() {
  if (!length(compared)) {
    cat("Nothing was compared: results.csv holds no number of an analysis that is computed here.\n")
    quit(status = 0)
  }
  column <- function(name, kind) vapply(compared, function(x) x[[name]], kind)
  found <- data.frame(row = column("row", 0L), key = column("key", ""), part = column("part", ""), ours = column("ours", 0),
                      r = column("r", 0), same = column("same", TRUE), stringsAsFactors = FALSE)
  cat("Row of results.csv; its number; R's; the difference over the larger of them. NA: not given, by R either.\n\n")
  cat(sprintf("%6s  %-5s %24s %24s %9s %s  %s\n", ifelse(is.na(found$row), "none", found$row + 1), found$part,
              format(found$ours, digits = 16, width = 1), format(found$r, digits = 16, width = 1),
              format(abs(found$ours - found$r) / pmax(abs(found$ours), abs(found$r), 1e-300), digits = 2, scientific = TRUE),
              ifelse(found$same, "same  ", "DIFFER"), found$key), sep = "")
  has_value <- !is.na(results$value)
  done <- seq_len(nrow(results)) %in% found$row[found$part == "value"]
  wrong <- seq_len(nrow(results)) %in% found$row[!found$same]
  count <- function(of) tapply(of, factor(results$analysis, unique(results$analysis)), sum)
  table <- cbind(rows = count(rep(TRUE, nrow(results))), with_value = count(has_value), recomputed = count(has_value & done),
                 equal = count(has_value & done & !wrong), withheld = count(!has_value), withheld_by_R_too = count(!has_value & done & !wrong))
  table <- rbind(table, "all" = colSums(table))
  cat("\nBy analysis: rows of results.csv; with a value; of these recomputed, and equal to 1e-6 of their size; without a value, and of\nthese by R neither.\n\n")
  print(table)
  left <- which(!done)
  if (length(left)) {
    reason <- ifelse(is.na(results$value[left]), paste("withheld:", results$warning[left]), paste("method:", results$method[left]))
    counts <- as.data.frame(table(paste(results$analysis[left], results$statistic[left], reason, sep = " | ")))
    cat("\nNot recomputed here (analysis | statistic | method, or why it was withheld):\n")
    cat(sprintf("%6d  %s\n", counts$Freq, counts$Var1), sep = "")
  }
  if (length(checks)) cat("\nThe files that it was computed from (asked, and true):\n")
  for (what in names(checks)) cat(sprintf("%7d %7d  %s%s\n", checks[[what]][1], checks[[what]][2], what,
                                          if (checks[[what]][1] > checks[[what]][2]) "  NOT TRUE" else ""))
  for (one in failures) cat("R could not: ", one, "\n", sep = "")
  bad <- sum(!found$same)
  untrue <- sum(vapply(checks, function(x) x[1] > x[2], TRUE))
  cat(sprintf("\n%d of %d rows with a value recomputed (%.1f %%), %d of %d without.\n", sum(has_value & done), sum(has_value),
              100 * sum(has_value & done) / max(sum(has_value), 1), sum(!has_value & done), sum(!has_value)))
  cat(sprintf("%d numbers compared with %s, survival %s: %d equal to 1e-6 of their size, %d not.\n", nrow(found),
              R.version.string, packageVersion("survival"), nrow(found) - bad, bad))
  quit(status = if (bad || untrue || length(failures)) 1 else 0)
}

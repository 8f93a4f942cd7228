# Writing of R's answers as JSON: sourced by the regenerate*.R, which name their `packages` first.
#
# Numbers have 17 significant digits, so that reading them gives the same double; missing is null, infinite "Inf".
# Each file says which R and which versions of the packages made it.

number <- function(x) ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, '"Inf"', '"-Inf"'),
                      formatC(x, digits = 17, format = "g", width = 1)))
scalars <- function(x) if (is.numeric(x)) sub("^\\s+", "", number(x)) else
  ifelse(is.na(x), "null", if (is.logical(x)) tolower(as.character(x)) else encodeString(as.character(x), quote = '"'))
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x) && !is.null(names(x)))
    return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ",\n"), "}"))
  if (is.list(x)) return(paste0("[", paste(vapply(x, json, ""), collapse = ",\n"), "]"))
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, function(r) json(many(r))), collapse = ","), "]"))
  if (length(x) == 1 && !inherits(x, "many")) return(scalars(x))
  paste0("[", paste(scalars(unclass(x)), collapse = ","), "]")
}
many <- function(x) structure(as.vector(x), class = "many")  # an array even where it has one entry
write_topic <- function(topic, cases) {
  versions <- lapply(setNames(packages, packages), function(p) as.character(packageVersion(p)))
  made <- c(list(r = R.version.string), versions)
  writeLines(json(list(made_by = made, cases = cases)), file.path(here, paste0(topic, ".json")))
}

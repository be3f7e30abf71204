package dev.kiln.compare;

import java.util.List;
import java.util.Map;

/**
 * A Dockerfile to build on both daemons.
 *
 * @param name unique, {@code <theme>/<words>}
 * @param options more arguments for {@code buildctl build}
 * @param files what the build's folder holds, with the Dockerfile
 * @param reasons why differences are accepted, by the part that they are in
 */
record Case(String name, List<String> options, List<CaseFile> files, Map<Part, String> reasons) {}

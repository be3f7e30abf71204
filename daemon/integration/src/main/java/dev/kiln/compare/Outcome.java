package dev.kiln.compare;

import java.util.List;

/**
 * What one daemon made of a case.
 *
 * @param images what was built, one for each platform; empty when the build failed
 * @param error what the client showed of the failure, line by line; empty when it built
 * @param warnings one line for each, sorted
 * @param steps names of the steps, sorted
 */
record Outcome(List<Image> images, List<String> error, List<String> warnings, List<String> steps) {}

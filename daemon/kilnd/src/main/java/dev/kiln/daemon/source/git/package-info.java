/** Sources {@code git://}: a commit of a repository as a tree, by means of the git program. */
@org.jspecify.annotations.NullMarked
package dev.kiln.daemon.source.git;

package dev.kiln.dockerfile.bridge;

import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The daemon as one build's frontend sees it. Every call blocks until it is answered and may be
 * made from several virtual threads at once. A call that fails throws an unchecked exception of the
 * daemon's choice, which travels through the frontend as the cause of what it throws, or unchanged.
 * A cancelled build interrupts the calling thread.
 */
public interface FrontendBridge {

  /** The options of the build (FrontendAttrs), unchanged. */
  Map<String, String> options();

  /** Definitions that the client passed as inputs, by name. */
  Map<String, Definition> inputs();

  /** The client's session, to be named in local sources. */
  String sessionId();

  /** Platforms of the worker that runs the build, its own first; at least one. */
  List<Platform> buildPlatforms();

  /** Builds a definition, or hands the whole request to another frontend. */
  FrontendResult solve(SolveRequest request);

  /**
   * Reads a file of a solved result.
   *
   * @param range the part to read, or null for the whole file
   * @throws RuntimeException if there is no such file
   */
  byte[] readFile(FrontendRef ref, String path, @Nullable FileRange range);

  /** Describes a file of a solved result; symbolic links are not followed in the last element. */
  FileStat statFile(FrontendRef ref, String path);

  /**
   * Lists a directory of a solved result.
   *
   * @param includePattern only names that match this pattern (Go's path.Match), or null for all
   */
  List<FileStat> readDir(FrontendRef ref, String path, @Nullable String includePattern);

  /**
   * Finds out what a source stands for now: an image's digest and config, a commit, a file's
   * checksum.
   */
  SourceMeta resolveSource(SourceRequest request);

  /** Shows a warning beside a vertex. Never fails the build. */
  void warn(Warning warning);

  /**
   * A part of a file.
   *
   * @param offset first byte
   * @param length number of bytes at most
   */
  record FileRange(long offset, long length) {}

  /**
   * What is known of a file.
   *
   * @param path name relative to the directory that was listed, or the path that was asked for
   * @param mode type and permission bits as Go's fs.FileMode has them
   * @param modTimeNanos since the epoch
   */
  record FileStat(
      String path, int mode, int uid, int gid, long size, long modTimeNanos, String linkTarget) {}
}

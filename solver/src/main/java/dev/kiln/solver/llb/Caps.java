package dev.kiln.solver.llb;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The capabilities of LLB that exist (llb.md, section 7). */
public final class Caps {
  /** What stock daemons announce; the misspelt name is the real one. */
  public static final List<String> ANNOUNCED =
      List.of(
          "source.image",
          "source.image.resolvemode",
          "source.image.layerlimit",
          "source.image.checksum",
          "source.imageblob",
          "source.ocilayout",
          "source.local",
          "source.local.unique",
          "source.local.sessionid",
          "source.local.includepatterns",
          "source.local.followpaths",
          "source.local.excludepatterns",
          "source.local.sharedkeyhint",
          "source.local.differ",
          "source.local.metadatatransfer",
          "source.git",
          "source.git.keepgitdir",
          "source.git.fullurl",
          "source.git.httpauth",
          "source.git.knownsshhosts",
          "source.git.mountsshsock",
          "source.git.subdir",
          "source.git.checksum",
          "source.git.skipsubmodules",
          "source.git.signatureverify",
          "source.git.mtime",
          "source.git.fetchbycommit",
          "source.git.bundle",
          "source.git.checkoutbundle",
          "source.http",
          "source.http.auth",
          "source.http.checksum",
          "source.http.perm",
          "soruce.http.uidgid",
          "source.http.header",
          "source.http.signatureverify",
          "source.buildop.llbfilename",
          "source.policy",
          "source.policy.session",
          "exec.meta.base",
          "exec.meta.cgroup.parent",
          "exec.meta.network",
          "exec.meta.network.proxy",
          "exec.meta.proxyenv",
          "exec.meta.security",
          "exec.meta.security.devices.v1",
          "exec.meta.setsdefaultpath",
          "exec.meta.ulimit",
          "exec.meta.cdi",
          "exec.meta.linux.resources",
          "exec.mount.bind",
          "exec.mount.bind.readwrite-nooutput",
          "exec.mount.cache",
          "exec.mount.cache.sharing",
          "exec.mount.cache.content",
          "exec.mount.selector",
          "exec.mount.tmpfs",
          "exec.mount.tmpfs.size",
          "exec.mount.secret",
          "exec.mount.ssh",
          "exec.cgroup",
          "exec.secretenv",
          "exec.validexitcode",
          "file.base",
          "file.rm.wildcard",
          "file.rm.nofollowsymlink",
          "file.copy.includeexcludepatterns",
          "file.copy.requiredpaths",
          "file.copy.alwaysreplaceexistingdestpaths",
          "file.symlink.create",
          "constraints",
          "platform",
          "meta.ignorecache",
          "meta.description",
          "meta.exportcache",
          "cache.gha",
          "cache.s3",
          "cache.azblob",
          "mergeop",
          "diffop",
          "passthroughop",
          "exporter.image.annotations",
          "exporter.image.attestations",
          "exporter.sourcedateepoch",
          "exporter.multiple",
          "exporter.session",
          "gc.freespacefilter",
          "history.filter");

  /** Ids that a definition may require. */
  public static final Set<String> KNOWN =
      Stream.concat(
              ANNOUNCED.stream(),
              Stream.of("exec.meta.removemountstubs.recursive", "file.copy.modestring"))
          .collect(Collectors.toUnmodifiableSet());

  private Caps() {}
}

package dev.kiln.wire.caps;

import dev.kiln.wire.apicaps.APICap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The capability ids that BuildKit's daemon announces. A client leaves out or adapts what it finds
 * no id for, so a shorter list is a legal way to say that something is not supported.
 */
public final class Capabilities {
  /** For {@code PongResponse.LLBCaps}; one id is misspelt on the wire, and so it is here. */
  public static final List<String> LLB =
      List.of(
          "cache.azblob",
          "cache.gha",
          "cache.s3",
          "constraints",
          "diffop",
          "exec.cgroup",
          "exec.meta.base",
          "exec.meta.cdi",
          "exec.meta.cgroup.parent",
          "exec.meta.linux.resources",
          "exec.meta.network",
          "exec.meta.network.proxy",
          "exec.meta.proxyenv",
          "exec.meta.security",
          "exec.meta.security.devices.v1",
          "exec.meta.setsdefaultpath",
          "exec.meta.ulimit",
          "exec.mount.bind",
          "exec.mount.bind.readwrite-nooutput",
          "exec.mount.cache",
          "exec.mount.cache.content",
          "exec.mount.cache.sharing",
          "exec.mount.secret",
          "exec.mount.selector",
          "exec.mount.ssh",
          "exec.mount.tmpfs",
          "exec.mount.tmpfs.size",
          "exec.secretenv",
          "exec.validexitcode",
          "exporter.image.annotations",
          "exporter.image.attestations",
          "exporter.multiple",
          "exporter.session",
          "exporter.sourcedateepoch",
          "file.base",
          "file.copy.alwaysreplaceexistingdestpaths",
          "file.copy.includeexcludepatterns",
          "file.copy.requiredpaths",
          "file.rm.nofollowsymlink",
          "file.rm.wildcard",
          "file.symlink.create",
          "gc.freespacefilter",
          "history.filter",
          "mergeop",
          "meta.description",
          "meta.exportcache",
          "meta.ignorecache",
          "passthroughop",
          "platform",
          "soruce.http.uidgid",
          "source.buildop.llbfilename",
          "source.git",
          "source.git.bundle",
          "source.git.checkoutbundle",
          "source.git.checksum",
          "source.git.fetchbycommit",
          "source.git.fullurl",
          "source.git.httpauth",
          "source.git.keepgitdir",
          "source.git.knownsshhosts",
          "source.git.mountsshsock",
          "source.git.mtime",
          "source.git.signatureverify",
          "source.git.skipsubmodules",
          "source.git.subdir",
          "source.http",
          "source.http.auth",
          "source.http.checksum",
          "source.http.header",
          "source.http.perm",
          "source.http.signatureverify",
          "source.image",
          "source.image.checksum",
          "source.image.layerlimit",
          "source.image.resolvemode",
          "source.imageblob",
          "source.local",
          "source.local.differ",
          "source.local.excludepatterns",
          "source.local.followpaths",
          "source.local.includepatterns",
          "source.local.metadatatransfer",
          "source.local.sessionid",
          "source.local.sharedkeyhint",
          "source.local.unique",
          "source.ocilayout",
          "source.policy",
          "source.policy.session");

  /** For {@code PongResponse.FrontendAPICaps}. */
  public static final List<String> GATEWAY =
      List.of(
          "frontend.caps",
          "frontend.inputs",
          "gateway.evaluate",
          "gateway.exec",
          "gateway.exec.extrahosts",
          "gateway.exec.filesystem",
          "gateway.exec.secretenv",
          "gateway.exec.signals",
          "gateway.solve.evaluate",
          "gateway.solve.metadata",
          "gateway.warnings",
          "importcaches",
          "proto.refarray",
          "readdir",
          "readfile",
          "reference.attestations",
          "reference.output",
          "resolveimage",
          "resolveimage.resolvemode",
          "return",
          "returnmap",
          "solve.base",
          "solve.inlinereturn",
          "source.metaresolver",
          "source.metaresolver.http.checksumrequest",
          "source.metaresolver.image.attestations",
          "statfile");

  private static final Set<String> DEPRECATED = Set.of("solve.inlinereturn");

  private Capabilities() {}

  /** The ids as enabled capabilities, sorted by id. */
  public static List<APICap> enabled(Collection<String> ids) {
    List<APICap> caps = new ArrayList<>();
    for (String id : new TreeSet<>(ids)) {
      caps.add(
          APICap.newBuilder()
              .setID(id)
              .setEnabled(true)
              .setDeprecated(DEPRECATED.contains(id))
              .build());
    }
    return List.copyOf(caps);
  }
}

package dev.kiln.dockerfile.instruction;

import org.jspecify.annotations.Nullable;

/**
 * A mount of {@code RUN --mount}. Texts are empty where a key is absent.
 *
 * @param from stage, image or named context
 * @param id cache id, secret id or SSH id
 * @param sharing null if not said; only on caches
 * @param sizeBytes limit of a tmpfs, 0 for none
 * @param required of secrets and SSH: fail the step if the client has none
 * @param env of secrets: the environment variable that takes the secret; null if not said
 * @param mode of secrets, SSH and caches; null if not said
 * @param uid of secrets, SSH and caches; null if not said
 * @param gid of secrets, SSH and caches; null if not said
 */
public record RunMount(
    MountType type,
    String from,
    String source,
    String target,
    boolean readOnly,
    String id,
    @Nullable CacheSharing sharing,
    long sizeBytes,
    boolean required,
    @Nullable String env,
    @Nullable Long mode,
    @Nullable Long uid,
    @Nullable Long gid) {}

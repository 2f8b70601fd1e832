package dev.guildcast.suite.local;

import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuitePlan.IngressTokens;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a suite's folder holds from one start to the next: Kafka's logs, the world, the tokens of clients and
/// publishers.
///
/// - **Owner:** the suite that holds the folder's lock.
/// - **Promise:** unless a fresh start is requested, a suite continues where the last one in this folder ended:
///   sessions resume, changes of guilds stay, and publishers keep their tokens. A world is loaded once.
final class SuiteState {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String OWNER_ONLY = "rw-------";

    private final SuiteFolder folder;
    private final World world;
    private final IngressTokens tokens;
    private final boolean kept;
    private boolean loaded;

    private SuiteState(SuiteFolder folder, World world, IngressTokens tokens, boolean kept, boolean loaded) {
        this.folder = folder;
        this.world = world;
        this.tokens = tokens;
        this.kept = kept;
        this.loaded = loaded;
    }

    /// Prepares the folder, with another secret for the suite's processes.
    ///
    /// @throws IllegalArgumentException if the world is invalid; the message is for the user
    /// @throws IllegalStateException if the folder holds the state of another world; the message is for the user
    static SuiteState open(SuiteFolder folder, SuiteOptions options) throws IOException {
        write(folder.internalSecret(), newSecret());
        var kept = options.fresh() ? Optional.<IngressTokens>empty() : keptTokens(folder);
        if (kept.isPresent()) {
            return resume(folder, options.world(), kept.get());
        }
        var world = World.read(options.world());
        // Without it the rest counts as nothing, so it goes first, and comes last.
        Files.deleteIfExists(folder.ingressTokens());
        Files.deleteIfExists(folder.loadedWorld());
        SuiteCleanup.delete(folder.kafka());
        var copy = world.copyTo(folder.world());
        write(folder.tokens(), world.tokensJson());
        var tokens = new IngressTokens(newToken(), newToken(), newToken());
        write(folder.ingressTokens(), MAPPER.writeValueAsString(tokens));
        return new SuiteState(folder, copy, tokens, false, false);
    }

    private static SuiteState resume(SuiteFolder folder, Optional<Path> file, IngressTokens tokens) throws IOException {
        var world = World.read(Optional.of(folder.world()));
        var digest = world.digest();
        if (file.isPresent() && !World.read(file).digest().equals(digest)) {
            throw new IllegalStateException(folder.home() + " holds the state of another world than " + file.get()
                    + ": ./guildcast up --fresh --world FILE discards it and loads the file; without --world the suite"
                    + " continues with its own");
        }
        boolean loaded = Files.isRegularFile(folder.loadedWorld())
                && Files.readString(folder.loadedWorld()).equals(digest);
        if (!Files.isRegularFile(folder.tokens())) {
            write(folder.tokens(), world.tokensJson());
        }
        return new SuiteState(folder, world, tokens, true, loaded);
    }

    /// Empty if an earlier suite left nothing, or not all that is needed.
    private static Optional<IngressTokens> keptTokens(SuiteFolder folder) throws IOException {
        if (!Files.isRegularFile(folder.ingressTokens())
                || !Files.isRegularFile(folder.world())
                || !Files.isDirectory(folder.kafka())) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                            MAPPER.readValue(Files.readAllBytes(folder.ingressTokens()), IngressTokens.class))
                    .filter(IngressTokens::areComplete);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    World world() {
        return world;
    }

    IngressTokens tokens() {
        return tokens;
    }

    /// What to do when services cannot start, if it may be because of what an earlier suite has left; empty otherwise.
    String advice() {
        return kept
                ? "; if this build cannot read what an earlier suite has left in the folder, --fresh discards it"
                : "";
    }

    /// Whether the world was loaded completely, by this suite or an earlier one.
    boolean isLoaded() {
        return loaded;
    }

    void onLoaded() throws IOException {
        write(folder.loadedWorld(), world.digest());
        loaded = true;
    }

    /// A reader, or a suite after a crash, sees the old file or the new one.
    private static void write(Path file, String content) throws IOException {
        var temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY));
        Files.newByteChannel(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)
                .close();
        Files.writeString(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String newSecret() {
        return randomHex(32);
    }

    private static String newToken() {
        return randomHex(16);
    }

    private static String randomHex(int bytes) {
        var random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}

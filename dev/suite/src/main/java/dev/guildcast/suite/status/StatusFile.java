package dev.guildcast.suite.status;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The file through which a running suite publishes its status to other commands; readable by its owner only, since it
/// contains a token.
///
/// - **Promise:** a reader sees a complete status. One left behind by an ended suite counts as none.
public final class StatusFile {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final Path file;
    private final Path lock;

    public StatusFile(SuiteFolder folder) {
        this.file = folder.status();
        this.lock = folder.lock();
    }

    public synchronized void write(SuiteStatus status) {
        var temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(temporary);
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.newByteChannel(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)
                    .close();
            Files.write(temporary, MAPPER.writeValueAsBytes(status));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /// The status of the running suite; empty if none runs in this folder.
    public Optional<SuiteStatus> read() {
        try {
            @Nullable SuiteStatus status = MAPPER.readValue(Files.readAllBytes(file), SuiteStatus.class);
            return status != null && isAlive(status) ? Optional.of(status) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot read " + file + ": " + FileFailure.reason(e)
                            + "; choose another folder with GUILDCAST_HOME",
                    e);
        } catch (JacksonException e) {
            return Optional.empty(); // written by another version, or not by a suite
        }
    }

    /// The process id may have been reused: then that process started after the file was written. It looks the same
    /// when the clock was set back; then the lock of the folder decides.
    private boolean isAlive(SuiteStatus status) throws IOException {
        var written = Files.getLastModifiedTime(file).toInstant();
        return ProcessHandle.of(status.pid())
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> start.isBefore(written) || isLocked())
                        .orElse(true))
                .isPresent();
    }

    private boolean isLocked() {
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                var acquired = channel.tryLock()) {
            return acquired == null;
        } catch (OverlappingFileLockException e) {
            return true; // held by this process
        } catch (IOException e) {
            return false;
        }
    }

    public synchronized void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    /// As `status --json` prints it.
    public static String json(SuiteStatus status) {
        JsonNode tree = MAPPER.valueToTree(status);
        return tree.toPrettyString();
    }
}

package dev.guildcast.suite.local;

import dev.guildcast.suite.status.FileFailure;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The right to run a suite in a folder.
///
/// - **Owner:** the suite; the operating system releases it with the process.
/// - **Promise:** one holder at a time, over all processes.
final class SuiteLock implements AutoCloseable {
    private final SuiteFolder folder;
    private final FileChannel channel;

    private SuiteLock(SuiteFolder folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// @throws IllegalStateException if a suite runs there, or the folder cannot be written; the message is for the
    /// user
    static SuiteLock acquire(SuiteFolder folder) {
        try {
            Files.createDirectories(folder.home());
            var channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new IllegalStateException(
                        "a suite already runs in " + folder.home() + ": ./guildcast down stops it");
            }
            return new SuiteLock(folder, channel);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this process
        }
    }

    /// A sentence for the user.
    static IllegalStateException cannotWrite(SuiteFolder folder, IOException e) {
        var file = e instanceof FileSystemException system && system.getFile() != null
                ? system.getFile()
                : folder.home().toString();
        return new IllegalStateException(
                "cannot write " + file + ": " + FileFailure.reason(e) + "; choose another folder with GUILDCAST_HOME",
                e);
    }

    SuiteFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        SuiteCleanup.close(channel);
    }
}

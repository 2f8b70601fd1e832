package dev.guildcast.suite.status;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/// Why a file could not be read or written, in words: the messages of the JDK's exceptions are often the path alone.
public final class FileFailure {
    private FileFailure() {}

    /// Without the path, which the caller names.
    public static String reason(IOException e) {
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return switch (e) {
            case NoSuchFileException ignored -> "there is no such file";
            case AccessDeniedException ignored -> "permission is denied for user " + System.getProperty("user.name");
            case FileAlreadyExistsException ignored -> "a file of this name is in the way";
            case NotDirectoryException ignored -> "a part of its path is not a folder";
            default -> Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        };
    }
}

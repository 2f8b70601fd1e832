package dev.guildcast.suite.world;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The bytes of a world, read as often as needed and never held as a whole.
///
/// @param name for messages
/// @param content opens them from the start
record WorldSource(String name, Content content) {
    /// Opens the bytes from the start.
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    /// A part of the bytes, such as one guild.
    ///
    /// @param from offset of the first byte
    /// @param to offset after the last byte
    record Range(long from, long to) {
        long length() {
            return to - from;
        }
    }

    /// A file; what can be read only once, such as a pipe, is copied to a temporary file.
    static WorldSource of(Path file) throws IOException {
        if (Files.isRegularFile(file) || !Files.exists(file)) {
            return new WorldSource(file.toString(), () -> Files.newInputStream(file));
        }
        if (Files.isDirectory(file)) {
            throw new IOException("it is a folder");
        }
        var copy = Files.createTempFile("guildcast-world-", ".json");
        copy.toFile().deleteOnExit();
        try (var in = Files.newInputStream(file)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return new WorldSource(file.toString(), () -> Files.newInputStream(copy));
    }

    static WorldSource of(String name, byte[] bytes) {
        return new WorldSource(name, () -> new ByteArrayInputStream(bytes));
    }

    byte[] read(Range range) throws IOException {
        try (var in = content.open()) {
            in.skipNBytes(range.from());
            return in.readNBytes(Math.toIntExact(range.length()));
        }
    }

    /// Copies a part on one line: outside of strings, which cannot contain them, line breaks become spaces.
    void copyOnOneLine(Range range, OutputStream out) throws IOException {
        var buffer = new byte[16 * 1024];
        try (var in = content.open()) {
            in.skipNBytes(range.from());
            for (long left = range.length(); left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new IOException(name + " has become shorter since it was read");
                }
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n' || buffer[i] == '\r') {
                        buffer[i] = ' ';
                    }
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /// SHA-256 of all bytes, in hexadecimal.
    String digest() throws IOException {
        try (var in = new DigestInputStream(content.open(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has SHA-256
        }
    }

    void copyTo(Path file) throws IOException {
        // The file may be the source itself.
        var temporary = file.resolveSibling(file.getFileName() + ".new");
        try (var in = content.open()) {
            Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

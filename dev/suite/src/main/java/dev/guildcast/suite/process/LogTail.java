package dev.guildcast.suite.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Finds in the end of a log what a person wants to read first.
final class LogTail {
    private static final int TAIL_BYTES = 8192;
    private static final int WORDS_MAX = 300;

    private LogTail() {}

    /// The line that most likely says why the process ended: the description of a failed start, else the last line that
    /// is not part of a stack trace.
    ///
    /// @param from the byte at which the life of the process began
    static String lastWords(Path log, long from) {
        var lines = tail(log, from)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        int described = lines.lastIndexOf("Description:");
        var line = described >= 0 && described + 1 < lines.size() ? lines.get(described + 1) : lastTelling(lines);
        return line.length() <= WORDS_MAX ? line : line.substring(0, WORDS_MAX) + "…";
    }

    private static String lastTelling(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            var line = lines.get(i);
            if (!line.startsWith("at ") && !line.startsWith("... ")) {
                return line;
            }
        }
        return "it said nothing";
    }

    private static String tail(Path log, long from) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            var bytes = new byte[(int) Math.max(0, Math.min(TAIL_BYTES, file.length() - from))];
            file.seek(file.length() - bytes.length);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}

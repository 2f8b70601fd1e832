package dev.guildcast.suite.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Finds the most relevant line at the end of a log.
final class FailureReasonExtractor {
    /// Holds the report of a failed start, which Spring Boot prints last.
    private static final int TAIL_BYTES = 8192;
    /// A few lines of a terminal.
    private static final int LINE_CHARS_MAX = 300;

    private FailureReasonExtractor() {}

    /// The line that most likely explains why the process ended: the description of a failed start, else the last line
    /// that is not part of a stack trace.
    ///
    /// @param from offset of the first byte that this process wrote
    static String likelyFailureReason(Path log, long from) {
        var lines = readTail(log, from)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        int described = lines.lastIndexOf("Description:");
        var line =
                described >= 0 && described + 1 < lines.size() ? lines.get(described + 1) : lastMeaningfulLine(lines);
        return line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX) + "…";
    }

    private static String lastMeaningfulLine(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            var line = lines.get(i);
            if (!line.startsWith("at ") && !line.startsWith("... ")) {
                return line;
            }
        }
        return "its log is empty";
    }

    private static String readTail(Path log, long from) {
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

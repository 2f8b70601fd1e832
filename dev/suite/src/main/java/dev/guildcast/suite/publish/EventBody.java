package dev.guildcast.suite.publish;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// One event on one line, which may be too large to be held in memory.
public interface EventBody {
    /// The number of bytes that [#writeTo] writes.
    long bytes();

    void writeTo(OutputStream out) throws IOException;

    /// An event in memory.
    static EventBody of(String event) {
        var bytes = event.getBytes(StandardCharsets.UTF_8);
        return new EventBody() {
            @Override
            public long bytes() {
                return bytes.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
    }
}

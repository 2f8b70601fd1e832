package dev.guildcast.gateway.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class CompressionTest {
    private static final String M1 = "{\"op\":10,\"d\":{\"heartbeat_interval\":41250},\"s\":null,\"t\":null}";
    private static final String M2 = "{\"op\":11,\"d\":null,\"s\":null,\"t\":null}";
    private static final byte[] FLUSHED = {0, 0, (byte) 0xff, (byte) 0xff};

    @Test
    void v20InflatesTheVectorsOfOneZlibStream() throws DataFormatException {
        var inflater = new Inflater();
        assertThat(inflate(
                        inflater,
                        HexFormat.of()
                                .parseHex("789caa56ca2f50b23234d0514a51b2aa56ca484d2c2a494a4d2c89cfcc2b492d2a4bcc51b2"
                                        + "3231343235a8d5512a56b2ca2bcdc9d1512a81306a01000000ffff")))
                .isEqualTo(M1);
        assertThat(inflate(inflater, HexFormat.of().parseHex("aa86e83504eb854861a801000000ffff")))
                .isEqualTo(M2);
        inflater.end();
    }

    @Test
    void v20WritesOneZlibStreamWithOneFlushPerPayload() throws DataFormatException {
        var compressor = new ZlibStreamCompressor(new SharedDeflater());
        var inflater = new Inflater();
        for (var text : new String[] {M1, M2, M2, M1}) {
            var frame = compressor.compress(Frame.text(text));
            assertThat(frame.binary()).isTrue();
            assertThat(frame.bytes()).endsWith(FLUSHED);
            assertThat(inflate(inflater, frame.bytes())).isEqualTo(text);
        }
        compressor.close();
        inflater.end();
    }

    @Test
    void v20WritesWholeDocumentsForLargePayloadsAndTextForSmallOnes() throws DataFormatException {
        var compressor = new PayloadCompressor();
        var small = Frame.text(M1);
        assertThat(compressor.compress(small)).isSameAs(small);
        var edge = Frame.text("x".repeat(PayloadCompressor.PLAIN_BYTES_MAX));
        assertThat(compressor.compress(edge)).isSameAs(edge);
        for (int i = 0; i < 2; i++) {
            var large = compressor.compress(Frame.text("y".repeat(5000)));
            assertThat(large.binary()).isTrue();
            var inflater = new Inflater();
            assertThat(inflate(inflater, large.bytes())).isEqualTo("y".repeat(5000));
            assertThat(inflater.finished()).isTrue();
            inflater.end();
        }
    }

    private static String inflate(Inflater inflater, byte[] bytes) throws DataFormatException {
        inflater.setInput(bytes);
        var out = new java.io.ByteArrayOutputStream();
        var chunk = new byte[4096];
        int length;
        while ((length = inflater.inflate(chunk)) > 0) {
            out.write(chunk, 0, length);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}

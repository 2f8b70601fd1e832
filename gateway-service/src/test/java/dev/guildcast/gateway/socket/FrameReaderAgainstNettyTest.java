package dev.guildcast.gateway.socket;

import static dev.guildcast.gateway.socket.FrameReaderTest.MESSAGE_BYTES_MAX;
import static dev.guildcast.gateway.socket.FrameReaderTest.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.socket.FrameReaderTest.Events;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compares the frame reader with Netty's decoder.
class FrameReaderAgainstNettyTest {
    /// Random sequences of valid and broken frames, split at random: what Netty's decoder accepts is accepted, and what
    /// it refuses is refused.
    @Test
    void agreesWithNettysDecoder() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int violations = 0;
        int messages = 0;
        for (int run = 0; run < 5_000; run++) {
            var bytes = randomFrames(random);
            var events = new Events();
            var reader = new FrameReader(MESSAGE_BYTES_MAX, events);
            var in = Unpooled.wrappedBuffer(bytes);
            while (in.isReadable()) {
                reader.read(in.readSlice(1 + random.nextInt(in.readableBytes())));
            }
            var netty = nettyEvents(bytes);
            assertThat(events.all)
                    .as("seed %d, run %d: %s", seed, run, HexFormat.of().formatHex(bytes))
                    .isEqualTo(netty);
            violations += netty.contains("violation") ? 1 : 0;
            messages += netty.size();
        }
        assertThat(violations).isBetween(500, 4_500);
        assertThat(messages).isGreaterThan(5_000);
    }

    private static byte[] randomFrames(Random random) {
        var all = new ByteArrayOutputStream();
        boolean inMessage = false;
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(10);
            boolean fin = random.nextBoolean();
            int first;
            if (kind < 6) {
                // Binary, because UTF-8 is reported at another time than Netty reports it.
                first = (inMessage ? 0 : 2) | (fin ? 0x80 : 0);
                inMessage = !fin;
            } else if (kind < 9) {
                first = 0x80 | (random.nextInt(12) == 0 ? 8 : 9 + random.nextInt(2));
            } else {
                first = random.nextInt(256) & (random.nextBoolean() ? 0x8f : 0xff);
            }
            int length = random.nextInt(20) == 0 ? random.nextInt(400) : random.nextInt(20);
            var payload = new byte[length];
            random.nextBytes(payload);
            if ((first & 0x0f) == 1) {
                Arrays.fill(payload, (byte) 'x');
            } else if ((first & 0x0f) == 8 && length > 2) {
                // Without its check of texts, Netty's decoder does not check reasons either.
                Arrays.fill(payload, 2, length, (byte) 'x');
            }
            int form = random.nextInt(30) == 0 ? 16 : length < 126 ? 7 : 16;
            all.writeBytes(frame(first, random.nextInt(40) != 0, form, payload));
        }
        return all.toByteArray();
    }

    private static List<String> nettyEvents(byte[] bytes) {
        var channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(MESSAGE_BYTES_MAX)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build()));
        var events = new ArrayList<String>();
        boolean refused = false;
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        } catch (CorruptedFrameException e) {
            refused = true;
        } catch (TooLongFrameException e) {
            throw new AssertionError(e);
        }
        ByteBuf message = Unpooled.buffer();
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            switch (frame) {
                case PingWebSocketFrame ping -> events.add("ping " + hexOf(ping.content()));
                case PongWebSocketFrame pong -> events.add("pong");
                case CloseWebSocketFrame close -> events.add("close " + close.statusCode());
                default -> {
                    message.writeBytes(frame.content());
                    if (frame.isFinalFragment()) {
                        events.add("message " + hexOf(message));
                        message.clear();
                    }
                }
            }
            boolean closed = frame instanceof CloseWebSocketFrame;
            frame.release();
            if (closed) {
                refused = false;
                break;
            }
        }
        message.release();
        channel.finishAndReleaseAll();
        if (refused) {
            events.add("violation");
        }
        return events;
    }

    private static String hexOf(ByteBuf buffer) {
        var bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return HexFormat.of().formatHex(bytes);
    }
}

package dev.guildcast.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolTablesTest {
    @Test
    void closeCodesMatchTheProtocol() {
        var table = Arrays.stream(CloseCode.values())
                .map(it -> it.code() + " " + it.name() + " " + it.afterClose())
                .collect(Collectors.joining("\n"));
        assertThat(table).isEqualTo("""
                1001 GOING_AWAY RESUME
                1002 PROTOCOL_ERROR RESUME
                4000 UNKNOWN_ERROR RESUME
                4001 UNKNOWN_OPCODE IDENTIFY
                4002 DECODE_ERROR RESUME
                4003 NOT_AUTHENTICATED IDENTIFY
                4004 AUTHENTICATION_FAILED STOP
                4005 ALREADY_AUTHENTICATED RESUME
                4007 INVALID_SEQUENCE IDENTIFY
                4008 RATE_LIMITED RESUME
                4009 SESSION_TIMED_OUT IDENTIFY
                4010 INVALID_SHARD STOP
                4011 SHARDING_REQUIRED STOP
                4012 INVALID_API_VERSION STOP
                4013 INVALID_INTENTS STOP
                4014 DISALLOWED_INTENTS STOP
                4015 TOO_MANY_SESSIONS STOP""");
    }

    @Test
    void opcodesMatchTheProtocol() {
        var table = Arrays.stream(Opcode.values())
                .map(it -> it.number() + ":" + it.sender().name().charAt(0))
                .collect(Collectors.joining(" "));
        assertThat(table)
                .isEqualTo("0:G 1:B 2:C 3:C 4:C 5:U 6:C 7:G 8:C 9:G 10:G 11:G 13:U 14:U 17:U 18:U 19:U 20:U 21:U 22:U"
                        + " 28:U 29:U 30:U 31:C 32:U 33:U 34:U 35:U 36:U 37:U 38:U 39:U 40:U 41:U 42:U 43:C");
    }

    @ParameterizedTest
    @EnumSource(CloseCode.class)
    void reasonsFitACloseFrame(CloseCode code) {
        assertThat(code.reason().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 123);
        assertThat(CloseCode.of(code.code())).contains(code);
    }

    @ParameterizedTest
    @EnumSource(CloseCode.class)
    void documentationListsEveryCloseCode(CloseCode code) throws IOException {
        var page = Files.readString(Path.of("../docs/protocol.md"));
        assertThat(page.lines())
                .anyMatch(line -> line.startsWith("| " + code.code() + " | " + code.reason() + " | "
                        + code.afterClose().name().toLowerCase(java.util.Locale.ROOT) + " "));
    }

    @Test
    void acceptsOnlyClientOpcodesFromClients() {
        assertThat(Opcode.fromClient(2)).contains(Opcode.IDENTIFY);
        for (long number : new long[] {-1, 0, 7, 9, 10, 11, 12, 15, 16, 23, 44, 99, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(Opcode.fromClient(number)).as("op %d", number).isEmpty();
        }
    }

    @Test
    void only1000And1001EndTheSession() {
        assertThat(CloseCode.endsSession(1000)).isTrue();
        assertThat(CloseCode.endsSession(1001)).isTrue();
        for (int code : new int[] {-1, 1002, 1005, 1006, 1012, 3000, 4000, 4900}) {
            assertThat(CloseCode.endsSession(code)).as("%d", code).isFalse();
        }
    }
}

package dev.guildcast.shard.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.RedisScript;

/// Lua scripts from the class path, read once.
///
/// A script made of a resource looks up the resource's time of change at every call, which in a jar costs more than
/// the call itself.
public final class RedisScripts {
    private RedisScripts() {}

    /// @param owner the class beside which the file lies
    /// @throws UncheckedIOException if there is no such file
    public static <T> RedisScript<T> load(Class<?> owner, String file, Class<T> result) {
        return RedisScript.of(text(owner, file), result);
    }

    /// A script that returns byte strings.
    @SuppressWarnings({"unchecked", "rawtypes"})
    public static RedisScript<List<byte[]>> loadReturningList(Class<?> owner, String file) {
        return (RedisScript) RedisScript.of(text(owner, file), List.class);
    }

    private static String text(Class<?> owner, String file) {
        try {
            return new ClassPathResource(file, owner).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("no script " + file + " beside " + owner.getName(), e);
        }
    }
}

package dev.guildcast.system.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// Loads the services anew with one method changed, so that a protection is missing from the very code that production
/// runs, and no switch for it need stand there.
///
/// What is generated from the contracts, and the contracts themselves, are shared with whoever asks.
final class DoctoredClasses extends ClassLoader {
    private static final String BASE = "dev.guildcast.";

    private final String doctored;
    private final ClassTransform change;

    private DoctoredClasses(String doctored, ClassTransform change) {
        super(DoctoredClasses.class.getClassLoader());
        this.doctored = doctored;
        this.change = change;
    }

    /// @param className of the class that is changed; nested ones by `$`
    static DoctoredClasses of(String className, String method, CodeTransform change) {
        return new DoctoredClasses(
                BASE + className,
                ClassTransform.transformingMethods(
                        it -> it.methodName().equalsString(method), MethodTransform.transformingCode(change)));
    }

    /// The method answers this at once.
    static DoctoredClasses answering(String className, String method, boolean answer) {
        return new DoctoredClasses(
                BASE + className,
                ClassTransform.transformingMethods(it -> it.methodName().equalsString(method), (builder, element) -> {
                    if (element instanceof java.lang.classfile.CodeModel) {
                        builder.withCode(
                                code -> code.loadConstant(answer ? 1 : 0).ireturn());
                    } else {
                        builder.with(element);
                    }
                }));
    }

    /// The enum's constant is taken for another one.
    static CodeTransform constant(String from, String to) {
        return (builder, element) -> {
            if (element instanceof FieldInstruction field && field.name().equalsString(from)) {
                builder.getstatic(field.owner().asSymbol(), to, field.typeSymbol());
            } else {
                builder.with(element);
            }
        };
    }

    /// The first constant of this value in the method is another one.
    static CodeTransform firstConstant(long from, long to) {
        return CodeTransform.ofStateful(() -> new CodeTransform() {
            private boolean done;

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                if (!done
                        && element instanceof ConstantInstruction constant
                        && constant.constantValue().equals(from)) {
                    done = true;
                    builder.loadConstant(to);
                } else {
                    builder.with(element);
                }
            }
        });
    }

    /// Calls of `method` are not made: they answer this number, or 1 for true.
    static CodeTransform call(String method, long answer) {
        return (builder, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString(method)) {
                var type = call.typeSymbol();
                for (int i = type.parameterCount() - 1; i >= 0; i--) {
                    if (TypeKind.from(type.parameterType(i)).slotSize() == 2) {
                        builder.pop2();
                    } else {
                        builder.pop();
                    }
                }
                builder.pop();
                if (TypeKind.from(type.returnType()).slotSize() == 2) {
                    builder.loadConstant(answer);
                } else {
                    builder.loadConstant((int) answer);
                }
            } else {
                builder.with(element);
            }
        };
    }

    /// What `apply` staged before it threw is published instead of discarded.
    static CodeTransform publishInsteadOfDiscarding() {
        var process = ClassDesc.of(BASE + "shard.ShardProcess");
        return (builder, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString("discard")) {
                builder.aload(0)
                        .getfield(process, "position", ConstantDescs.CD_long)
                        .invokevirtual(
                                call.owner().asSymbol(),
                                "publish",
                                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long));
            } else {
                builder.with(element);
            }
        };
    }

    /// The class of this name, loaded anew, once the doctored one is known to be as it was meant.
    Class<?> anew(Class<?> known) throws ClassNotFoundException {
        Class.forName(doctored, true, this);
        return Class.forName(known.getName(), true, this);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOurs(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith(BASE) && !name.contains(".v1.") && !name.startsWith(BASE + "contract.");
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes;
        try (var resource = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (resource == null) {
                throw new ClassNotFoundException(name);
            }
            bytes = resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (name.equals(doctored)) {
            var file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                    java.lang.classfile.ClassHierarchyResolver.ofResourceParsing(getParent())));
            byte[] changed = file.transformClass(file.parse(bytes), change);
            if (java.util.Arrays.equals(changed, bytes)) {
                throw new IllegalStateException("nothing of " + name + " was changed");
            }
            bytes = changed;
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}

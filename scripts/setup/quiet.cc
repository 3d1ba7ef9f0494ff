// A Node module whose `load(library)` loads a shared library and passes on what that writes to the process's stderr,
// except TensorFlow's line on oneDNN and its heading: they are logged while the library is being loaded, before it
// heeds TF_CPP_MIN_LOG_LEVEL or anything else but switching oneDNN off.
#include <dlfcn.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

bool isChatter(const std::string& line) {
  return line.find("oneDNN custom operations are on") != std::string::npos ||
         line.find("All log messages before absl::InitializeLog()") != std::string::npos;
}

void passOn(FILE* written) {
  std::rewind(written);
  char* line = nullptr;
  size_t capacity = 0;
  while (getline(&line, &capacity, written) >= 0)
    if (!isChatter(line)) std::fputs(line, stderr);
  std::fflush(stderr);
  std::free(line);
}

/** A library that cannot be loaded is left to whoever needs it, who says so. */
napi_value load(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  char library[4096];
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_string_utf8(env, argument, library, sizeof library, nullptr);
  FILE* file = std::tmpfile();
  const int saved = file ? dup(STDERR_FILENO) : -1;
  if (saved >= 0) dup2(fileno(file), STDERR_FILENO);
  dlopen(library, RTLD_LAZY);
  if (saved >= 0) {
    dup2(saved, STDERR_FILENO);
    close(saved);
    passOn(file);
  }
  if (file) std::fclose(file);
  return nullptr;
}

}  // namespace

extern "C" napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "load", NAPI_AUTO_LENGTH, load, nullptr, &function);
  napi_set_named_property(env, exports, "load", function);
  return exports;
}

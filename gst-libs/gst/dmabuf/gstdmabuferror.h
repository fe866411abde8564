/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The error domain. It says how a caller should go on, not which file failed.
 */
#pragma once

#include "dmabuf-prelude.h"

G_BEGIN_DECLS

/**
 * GST_DMABUF_ERROR:
 *
 * Error domain of the library; codes are #GstDmabufError.
 *
 * Since: 0.1
 */
#define GST_DMABUF_ERROR (gst_dmabuf_error_quark ())

/**
 * GstDmabufError:
 * @GST_DMABUF_ERROR_INVALID: what was given contradicts itself or its
 *     specification (a plane beyond its dma-buf, text that is no format).
 *     Trying again with the same input fails again.
 * @GST_DMABUF_ERROR_UNSUPPORTED: well formed, but this library, kernel or
 *     device does not do it. Try the next candidate.
 * @GST_DMABUF_ERROR_REFUSED: the kernel or a peer said no to something that it
 *     had advertised, or access was denied. Try the next candidate.
 * @GST_DMABUF_ERROR_EXHAUSTED: a limit was reached (memory, file descriptors,
 *     a module parameter). The message names the limit; a later try may pass.
 * @GST_DMABUF_ERROR_FAILED: anything else, such as an I/O error or a device
 *     that went away.
 *
 * Codes of #GST_DMABUF_ERROR.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_DMABUF_ERROR_INVALID,
  GST_DMABUF_ERROR_UNSUPPORTED,
  GST_DMABUF_ERROR_REFUSED,
  GST_DMABUF_ERROR_EXHAUSTED,
  GST_DMABUF_ERROR_FAILED,
} GstDmabufError;

/**
 * gst_dmabuf_error_quark:
 *
 * Returns: the quark behind #GST_DMABUF_ERROR. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GQuark          gst_dmabuf_error_quark      (void);

/**
 * gst_dmabuf_error_from_errno:
 * @errnum: a positive errno value
 *
 * Sorts an errno into the domain: `EMFILE`, `ENFILE`, `ENOMEM`, `ENOSPC` and
 * `EDQUOT` are EXHAUSTED; `EACCES`, `EPERM` and `EBUSY` are REFUSED; `ENOTTY`,
 * `ENOSYS`, `EOPNOTSUPP`, `ENOENT`, `ENODEV` and `ENXIO` are UNSUPPORTED;
 * `EINVAL`, `EBADF`, `ERANGE` and `EOVERFLOW` are INVALID; the rest is FAILED.
 * Callers who know more about a call choose the code themselves.
 *
 * Returns: the code for @errnum. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufError  gst_dmabuf_error_from_errno (gint errnum);

/**
 * gst_dmabuf_set_error_errno:
 * @error: (nullable): where to put the error, as in g_set_error()
 * @errnum: a positive errno value
 * @format: printf format of what was tried, without a final colon
 * @...: its arguments
 *
 * Sets @error to "what was tried: text of errno", with the code of
 * gst_dmabuf_error_from_errno(). The limit behind it is added: for `EMFILE`
 * RLIMIT_NOFILE with its present value, for `ENOMEM` RLIMIT_AS with its value
 * if there is one, for `ENFILE` the file that holds the system's limit, which
 * cannot be opened then. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_set_error_errno  (GError **error, gint errnum,
                                             const gchar *format, ...)
                                             G_GNUC_PRINTF (3, 4);

G_END_DECLS

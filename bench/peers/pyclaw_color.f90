! Riemann solvers for q_t + u q_x (+ v q_y) = 0 with all components of q at one velocity, given at cell centres: every side of an
! edge moves with the speed of its own cell, so that SharpClaw's update of cell i is u_i (q_{i+1/2} - q_{i-1/2}) / h.
! python -m numpy.f2py -c pyclaw_color.f90 -m pyclaw_color --opt="-O3 -march=native"
subroutine rp1(maxm, num_eqn, num_waves, num_aux, num_ghost, cells, ql, qr, auxl, auxr, wave, s, amdq, apdq)
    implicit none
    integer, intent(in) :: maxm, num_eqn, num_waves, num_aux, num_ghost, cells
    double precision, intent(in), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: ql, qr
    double precision, intent(in), dimension(num_aux, 1-num_ghost:maxm+num_ghost) :: auxl, auxr
    double precision, intent(out) :: wave(num_eqn, num_waves, 1-num_ghost:maxm+num_ghost)
    double precision, intent(out) :: s(num_waves, 1-num_ghost:maxm+num_ghost)
    double precision, intent(out), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: amdq, apdq
    call edges(1, maxm, num_eqn, num_waves, num_aux, num_ghost, cells, ql, qr, auxl, auxr, wave, s, amdq, apdq)
end subroutine rp1

subroutine rpn2(ixy, maxm, num_eqn, num_waves, num_aux, num_ghost, cells, ql, qr, auxl, auxr, wave, s, amdq, apdq)
    implicit none
    integer, intent(in) :: ixy, maxm, num_eqn, num_waves, num_aux, num_ghost, cells
    double precision, intent(in), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: ql, qr
    double precision, intent(in), dimension(num_aux, 1-num_ghost:maxm+num_ghost) :: auxl, auxr
    double precision, intent(out) :: wave(num_eqn, num_waves, 1-num_ghost:maxm+num_ghost)
    double precision, intent(out) :: s(num_waves, 1-num_ghost:maxm+num_ghost)
    double precision, intent(out), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: amdq, apdq
    call edges(ixy, maxm, num_eqn, num_waves, num_aux, num_ghost, cells, ql, qr, auxl, auxr, wave, s, amdq, apdq)
end subroutine rpn2

! PyClaw asks for a transverse solver too, which SharpClaw does not call.
subroutine rpt2(ixy, imp, maxm, num_eqn, num_waves, num_aux, num_ghost, cells, ql, qr, aux1, aux2, aux3, asdq, bm, bp)
    implicit none
    integer, intent(in) :: ixy, imp, maxm, num_eqn, num_waves, num_aux, num_ghost, cells
    double precision, intent(in), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: ql, qr, asdq
    double precision, intent(in), dimension(num_aux, 1-num_ghost:maxm+num_ghost) :: aux1, aux2, aux3
    double precision, intent(out), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: bm, bp
    bm = 0
    bp = 0
end subroutine rpt2

subroutine edges(axis, maxm, num_eqn, num_waves, num_aux, num_ghost, cells, ql, qr, auxl, auxr, wave, s, amdq, apdq)
    implicit none
    integer, intent(in) :: axis, maxm, num_eqn, num_waves, num_aux, num_ghost, cells
    double precision, intent(in), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: ql, qr
    double precision, intent(in), dimension(num_aux, 1-num_ghost:maxm+num_ghost) :: auxl, auxr
    double precision, intent(out) :: wave(num_eqn, num_waves, 1-num_ghost:maxm+num_ghost)
    double precision, intent(out) :: s(num_waves, 1-num_ghost:maxm+num_ghost)
    double precision, intent(out), dimension(num_eqn, 1-num_ghost:maxm+num_ghost) :: amdq, apdq
    double precision :: left, right
    integer :: i
    do i = 2 - num_ghost, cells + num_ghost
        left = auxr(axis, i - 1)
        right = auxl(axis, i)
        s(1, i) = 0.5d0 * (left + right)
        wave(:, 1, i) = ql(:, i) - qr(:, i - 1)
        amdq(:, i) = min(left, 0.d0) * wave(:, 1, i)
        apdq(:, i) = max(right, 0.d0) * wave(:, 1, i)
    end do
end subroutine edges
